import type { LoadedConfiguration } from '../adapters/config/load-configuration.ts';
import type { Problem } from '../adapters/config/problem.ts';
import { nearestWord } from '../domain/nearest-word.ts';
import { glassRule } from '../policies/break-glass.ts';
import type { Definitions } from './definitions.ts';

/** A rule or a freeze that names a command that is not there does nothing, and somebody meant something by it. */
export function ruleProblems(
  { settings, breakGlass }: Pick<LoadedConfiguration, 'settings' | 'breakGlass'>,
  { commands, runbooks }: Pick<Definitions, 'commands' | 'runbooks'>,
): readonly Problem[] {
  const { rules, freezes } = settings;
  const granted = [...rules, ...(breakGlass ? [glassRule(breakGlass)] : [])].flatMap(
    ({ allow, place }) =>
      allow
        .filter((name) => name !== '*' && !commands.has(name))
        .map((name) => unknownCommand(name, { part: 'rules', place }, [...commands.keys()])),
  );
  const exempt = freezes.flatMap(({ except, set }) =>
    except.commands
      .filter((name) => !runbooks.has(name))
      .map((name) => unknownCommand(name, { part: 'freezes', ...set }, [...runbooks.keys()])),
  );
  return [...granted, ...exempt];
}

interface Where {
  readonly part: 'rules' | 'freezes';
  readonly place?: string;
}

function unknownCommand(
  name: string,
  { part, place = '' }: Where,
  known: readonly string[],
): Problem {
  const [file = '', line = '1'] = place.split(':');
  const near = nearestWord(name, known);
  return {
    file,
    line: Number(line),
    column: 1,
    path: [part],
    value: name,
    message: `there is no command "${name}"`,
    expected:
      part === 'rules' ? 'a command that help lists, or *' : 'a command that starts an operation',
    next: near ? `did you mean "${near}"?` : 'remove it',
  };
}

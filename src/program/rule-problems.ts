import type { LoadedConfiguration } from '../adapters/config/load-configuration.ts';
import type { Problem } from '../adapters/config/problem.ts';
import { nearestWord } from '../domain/nearest-word.ts';
import { glassRule } from '../policies/break-glass.ts';
import type { Rule } from '../policies/rule.ts';
import type { Definitions } from './definitions.ts';

/** A rule that grants a command that is not there grants nothing, and somebody meant something by it. */
export function ruleProblems(
  { settings, breakGlass }: Pick<LoadedConfiguration, 'settings' | 'breakGlass'>,
  { commands }: Pick<Definitions, 'commands'>,
): readonly Problem[] {
  const grants = [...settings.rules, ...(breakGlass ? [glassRule(breakGlass)] : [])];
  return grants.flatMap((rule) =>
    rule.allow
      .filter((name) => name !== '*' && !commands.has(name))
      .map((name) => unknownCommand(name, rule, [...commands.keys()])),
  );
}

function unknownCommand(name: string, { place }: Rule, known: readonly string[]): Problem {
  const [file = '', line = '1'] = place.split(':');
  const near = nearestWord(name, known);
  return {
    file,
    line: Number(line),
    column: 1,
    path: ['rules'],
    value: name,
    message: `there is no command "${name}"`,
    expected: 'a command that help lists, or *',
    next: near ? `did you mean "${near}"?` : 'remove it',
  };
}

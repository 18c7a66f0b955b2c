import { createEstimates } from '../bot/estimates/estimates.ts';
import { readOperations } from '../bot/operations.ts';
import type { ZoneName } from '../domain/ids.ts';
import { farmsOf } from './farms-of.ts';
import { policyOf } from './policy-of.ts';
import { problemText } from './problem-text.ts';
import type { Program } from './program.ts';

/** What of a bot a command at a terminal needs that only looks: nothing in it signs or writes. */
export function lookingAt(program: Program) {
  const { definitions, journal, log, configuration, now, redactor, durations } = program;
  const inventory = () => configuration.inventory;
  const report = (problem: unknown) => log('error', redactor.redact(problemText(problem)));
  const { runbooks, commands } = definitions;
  return {
    prefix: configuration.settings.prefix,
    inventory,
    journal,
    operations: readOperations(journal),
    now,
    timeScale: program.timing.timeScale,
    readOnly: program.readOnly,
    freezes: () => configuration.settings.freezes,
    directory: configuration.directory,
    policy: () => policyOf(program),
    read: (zone: ZoneName) => program.zone(zone).ports,
    ...farmsOf(program, report),
    estimates: createEstimates({ durations, runbooks, now, report }),
    commands,
    runbooks,
  };
}

import { addressed } from '../bot/grammar/addressed.ts';
import { commandFacts } from '../bot/grammar/command-facts.ts';
import { type Completion, complete } from '../bot/grammar/complete.ts';
import type { Program } from './program.ts';

/** What could stand at the end of a line that begins with the prefix; nothing for talk. */
export function completeLine({ configuration, definitions }: Program, line: string): Completion {
  const call = addressed(line, { prefix: configuration.settings.prefix, names: [] });
  if (call === undefined) return { start: line.length, candidates: [] };
  const specs = [...definitions.commands.values()].map(({ spec }) => spec);
  const facts = { ...commandFacts(configuration.inventory), ops: [] };
  return complete(line, { specs, facts }, call.from);
}

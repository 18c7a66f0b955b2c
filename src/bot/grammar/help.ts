import type { ArgumentSpec, CommandSpec } from '../../jobs/model/command-spec.ts';
import { examplesOf, usage } from './usage.ts';

/** A line for each command that was passed in, by name: the caller leaves out what the asker may not run. */
export function commandList(specs: readonly CommandSpec[], prefix = '!'): readonly string[] {
  return specs
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ name, summary }) => `${prefix}${name} · ${summary}`);
}

/** All about one command, one idea a line. */
export function longHelp(spec: CommandSpec, prefix = '!'): readonly string[] {
  return [
    usage(spec, prefix),
    `${spec.summary} · ${spec.risk}`,
    ...aliases(spec, prefix),
    ...spec.positional.map((argument) => explained(argument.name, argument)),
    ...spec.options.map((argument) => explained(`${argument.name}=…`, argument)),
    ...spec.flags.map(({ name, summary }) => `--${name}: ${summary}`),
    ...examplesOf(spec, prefix).map((example) => `for example: ${example}`),
  ];
}

function aliases({ aliases = [] }: CommandSpec, prefix: string): readonly string[] {
  if (aliases.length === 0) return [];
  return [`also typed as ${aliases.map((alias) => `${prefix}${alias}`).join(', ')}`];
}

function explained(shown: string, { expected, oneOf, required }: ArgumentSpec): string {
  const words = oneOf === undefined ? '' : ` (${oneOf.join(', ')})`;
  return `${shown}: ${expected}${words}${required ? '' : ' · may be left out'}`;
}

import type { ArgumentSpec, CommandSpec } from '../../jobs/model/command-spec.ts';

/** One line: `!reimage targets [image=…] [--force]`. Brackets mean "may be left out", dots "the rest of the line". */
export function usage(spec: CommandSpec, prefix = '!'): string {
  return [
    `${prefix}${spec.name}`,
    ...spec.positional.map((argument) => optional(argument, positionalName(argument))),
    ...spec.options.map((argument) => optional(argument, `${argument.name}=…`)),
    ...spec.flags.map(({ name }) => `[--${name}]`),
  ].join(' ');
}

/** The command's examples as they are typed here, whether or not they were written with a prefix. */
export function examplesOf(spec: CommandSpec, prefix = '!'): readonly string[] {
  return spec.examples.map((example) => `${prefix}${example.replace(/^[^\p{L}]+/u, '')}`);
}

/** Whether an argument takes the rest of the line. */
export function takesRest({ kind }: ArgumentSpec): boolean {
  return kind === 'text' || kind === 'command';
}

function positionalName(argument: ArgumentSpec): string {
  return takesRest(argument) ? `${argument.name}…` : argument.name;
}

function optional({ required }: ArgumentSpec, text: string): string {
  return required ? text : `[${text}]`;
}

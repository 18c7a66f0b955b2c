import type { HostName, ImageId, OpId } from '../../domain/ids.ts';
import type { Risk } from '../../domain/risk.ts';

/**
 * What one argument is, which decides how it is parsed, completed and explained. `text` and `command` take the rest of
 * the line and come last.
 */
export type ArgumentKind =
  | 'targets'
  | 'host'
  | 'op'
  | 'image'
  | 'service'
  | 'word'
  | 'number'
  | 'text'
  | 'command';

export interface ArgumentSpec {
  readonly name: string;
  readonly kind: ArgumentKind;
  readonly required: boolean;
  /** What the asker was expected to type, e.g. "an operation such as op-7k2m". */
  readonly expected: string;
  /** The words that are accepted, where they are few. */
  readonly oneOf?: readonly string[];
}

/** From this one object help, parsing, completion and errors derive. */
export interface CommandSpec {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly risk: Risk;
  /** In the order they are typed. */
  readonly positional: readonly ArgumentSpec[];
  /** Typed as `name=value`, in any place. */
  readonly options: readonly ArgumentSpec[];
  /** Typed as `--name`. */
  readonly flags: readonly { readonly name: string; readonly summary: string }[];
  /** Each is a whole command that parses. */
  readonly examples: readonly string[];
}

/** Values by argument name, already looked up: targets are hosts of the inventory, an image exists. */
export type ArgumentValue =
  | string
  | number
  | boolean
  | HostName
  | ImageId
  | OpId
  | readonly HostName[];
export type Arguments = Readonly<Record<string, ArgumentValue>>;

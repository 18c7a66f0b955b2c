import type { OpId } from '../domain/ids.ts';
import type { ArgumentSpec, Arguments } from '../jobs/model/command-spec.ts';

/** The operation a command is about, first of its words. */
export const OP: ArgumentSpec = {
  name: 'op',
  kind: 'op',
  required: true,
  expected: 'an operation such as op-7k2m',
};

export const REASON: ArgumentSpec = {
  name: 'reason',
  kind: 'text',
  required: false,
  expected: 'why, in your words',
};

export function opOf({ op }: Arguments): OpId {
  return op as OpId;
}

export function textOf(args: Arguments, name: string): string | undefined {
  const value = args[name];
  return typeof value === 'string' ? value : undefined;
}

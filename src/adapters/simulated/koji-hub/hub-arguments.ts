import { KOJI_FAULT, KojiFault } from '../../infra/koji/koji-fault.ts';
import type { XmlRpcStruct, XmlRpcValue } from '../../infra/koji/xml-rpc-value.ts';

/** The parameters of a method of the hub, in order; a default makes one optional. */
export interface Signature {
  readonly method: string;
  readonly names: readonly string[];
  readonly defaults: XmlRpcStruct;
  /** It takes any keyword besides, as `editHost(host, **kw)` does. */
  readonly openKeywords: boolean;
}

/**
 * Binds positional and keyword arguments as Python does, and refuses what Python would refuse.
 * Source: `decode_args` in koji/__init__.py and `call_with_argcheck` in koji/util.py.
 */
export function bindArguments(signature: Signature, sent: readonly XmlRpcValue[]): XmlRpcStruct {
  const { method, names, defaults, openKeywords } = signature;
  const { positional, named } = splitKeywords(sent);
  if (positional.length > names.length) {
    const takes = `takes ${names.length} positional arguments`;
    throw badArguments(`${method}() ${takes} but ${positional.length} were given`);
  }
  const bound = Object.fromEntries(positional.map((value, at) => [names[at], value]));
  for (const name of Object.keys(named)) {
    if (name in bound) throw badArguments(`${method}() got multiple values for argument '${name}'`);
    if (!names.includes(name) && !openKeywords) {
      throw badArguments(`${method}() got an unexpected keyword argument '${name}'`);
    }
  }
  const all = { ...defaults, ...bound, ...named };
  const absent = names.find((name) => !(name in all));
  if (absent === undefined) return all;
  throw badArguments(`${method}() missing 1 required positional argument: '${absent}'`);
}

export function badArguments(text: string): KojiFault {
  return new KojiFault(KOJI_FAULT.parameter, text);
}

/** Ids are ints and names are strings; koji takes no other type for looking something up. */
export function nameOrId(value: XmlRpcValue | undefined): string | number {
  if (typeof value === 'string' || Number.isInteger(value)) return value as string | number;
  throw badArguments(`Invalid type for id lookup: ${typeof value}`);
}

export function integer(value: XmlRpcValue | undefined, what: string): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw badArguments(`Invalid type for value '${what}': ${typeof value}`);
}

export function struct(value: XmlRpcValue | undefined, what: string): XmlRpcStruct {
  if (value === null || value === undefined) return {};
  if (isStruct(value)) return value;
  throw badArguments(`Invalid type for value '${what}': ${typeof value}`);
}

function splitKeywords(sent: readonly XmlRpcValue[]) {
  const last = sent.at(-1);
  if (last === undefined || !isStruct(last) || !last.__starstar) {
    return { positional: sent, named: {} };
  }
  const { __starstar: _, ...named } = last;
  return { positional: sent.slice(0, -1), named };
}

function isStruct(value: XmlRpcValue): value is XmlRpcStruct {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

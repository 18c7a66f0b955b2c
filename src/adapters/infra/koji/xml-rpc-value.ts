/** A number that goes over the wire as `<double>` even when it has no fraction, e.g. a capacity of 4. */
export class XmlRpcDouble {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/**
 * What koji's XML-RPC can say. Decoding gives plain data: a double becomes a number and a dateTime stays
 * the string it was, because it has no time zone (koji itself sends times as doubles).
 */
export type XmlRpcValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | XmlRpcDouble
  | readonly XmlRpcValue[]
  | { readonly [name: string]: XmlRpcValue };

export type XmlRpcStruct = { readonly [name: string]: XmlRpcValue };

export interface XmlRpcCall {
  readonly method: string;
  readonly params: readonly XmlRpcValue[];
}

/**
 * Koji's keyword arguments: a struct with this member as the last parameter.
 * Source: `encode_args` in koji/__init__.py.
 */
export function keywords(named: XmlRpcStruct): XmlRpcStruct {
  return { __starstar: true, ...named };
}

/** The message is not XML-RPC, or says more than we can represent. */
export class XmlRpcSyntaxError extends Error {
  override readonly name = 'XmlRpcSyntaxError';
}

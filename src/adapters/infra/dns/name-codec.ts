import { name as codec } from 'dns-packet';

interface NameCodec {
  encode: ((name: string) => Buffer) & { readonly bytes: number };
  decode: ((message: Buffer, offset: number) => string) & { readonly bytes: number };
}

declare module 'dns-packet' {
  /** Missing in its types. */
  export const name: NameCodec;
}

export interface NameAt {
  /** In lower case, without the dot at its end; the root is `.`. */
  readonly name: string;
  /** Behind it. */
  readonly end: number;
}

/** Throws where the bytes are no name; pointers lead backwards only. */
export function readName(message: Buffer, offset: number): NameAt {
  const name = codec.decode(message, offset).toLowerCase();
  return { name, end: offset + codec.decode.bytes };
}

/** Uncompressed, in lower case: the canonical form that signatures are made over. */
export function nameBytes(name: string): Buffer {
  return codec.encode(name.toLowerCase());
}

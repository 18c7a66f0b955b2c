import canonicalize from 'canonicalize';

/** What a signature is of, and a part of what is signed: none of one kind passes for one of another. */
export type Signed = 'entry' | 'anchor' | 'backup' | 'ledger' | 'refusal';

/** Canonical JSON (RFC 8785), so that a signature does not depend on the order of keys. */
export function signedBytes(what: Signed, content: object): Buffer {
  return Buffer.from(canonicalize({ signalbox: what, ...content }) ?? '');
}

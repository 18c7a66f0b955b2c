import { Misbehaviour } from './came.ts';

const WORDS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'a certificate that has expired',
  CERT_NOT_YET_VALID: 'a certificate that is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'a certificate that signs itself',
  EAI_AGAIN: 'the name cannot be looked up now',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'no route there',
  ENETUNREACH: 'no route there',
  ENODATA: 'no such record',
  ENOTFOUND: 'no such name',
  EPIPE: 'the connection was closed',
  EREFUSED: 'the name server refused',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no TLS there',
  ERR_TLS_CERT_ALTNAME_INVALID: 'a certificate for another name',
  ESERVFAIL: 'the name server failed',
  ETIMEDOUT: 'no connection in time',
  ETIMEOUT: 'the name server did not answer',
  SELF_SIGNED_CERT_IN_CHAIN: 'a certificate of an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'a certificate of an authority that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'a certificate of an authority that is not trusted',
  UND_ERR_SOCKET: 'the connection was closed',
};

/** What the error of a connection means, without any text of the other side; undefined for what is a bug of ours. */
export function errorInWords(error: unknown): string | undefined {
  if (error instanceof Misbehaviour) return error.message;
  const code = codeOf(error);
  if (code === undefined || code.startsWith('ERR_INVALID')) return undefined;
  return WORDS[code] ?? code;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // Of a name with several addresses each was tried, and the error about all of them says nothing.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  const { code } = error as NodeJS.ErrnoException;
  const inner = codeOf(error.cause);
  return inner ?? (typeof code === 'string' ? code : undefined);
}

/** As BIND calls them, by the name that stands in a signature. https://www.rfc-editor.org/rfc/rfc8945#section-6 */
export const TSIG_ALGORITHMS = {
  'hmac-md5.sig-alg.reg.int': 'md5',
  'hmac-sha1': 'sha1',
  'hmac-sha224': 'sha224',
  'hmac-sha256': 'sha256',
  'hmac-sha384': 'sha384',
  'hmac-sha512': 'sha512',
} as const;
export type TsigAlgorithm = keyof typeof TSIG_ALGORITHMS;

export interface TsigKey {
  /** In lower case, without the dot at its end. */
  readonly name: string;
  readonly algorithm: TsigAlgorithm;
  readonly secret: Buffer;
}

const KEY =
  /^\s*key\s+"?([^\s"{};]+)"?\s*\{\s*algorithm\s+"?([a-z0-9.-]+)"?\s*;\s*secret\s+"?([A-Za-z0-9+/]+={0,2})"?\s*;\s*\}\s*;?\s*$/i;
const NAME = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/;

/** One key as `tsig-keygen` writes it and `nsupdate -k` reads it. Throws what is wrong, without the secret. */
export function parseTsigKey(text: string): TsigKey {
  // A secret may have // in it, so that only lines that begin with a comment are taken for one.
  const [, rawName, rawAlgorithm = '', secret = ''] = KEY.exec(withoutComments(text)) ?? [];
  if (rawName === undefined) {
    throw new Error(
      'expected one key such as tsig-keygen writes: key "name" { algorithm …; secret "…"; };',
    );
  }
  const name = rawName.toLowerCase().replace(/\.$/, '');
  if (!NAME.test(name) || name.length > 250) throw new Error('the name of the key is no DNS name');
  const algorithm = algorithmOf(rawAlgorithm.toLowerCase().replace(/\.$/, ''));
  return { name, algorithm, secret: Buffer.from(secret, 'base64') };
}

function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*(?:\/\/|#)/.test(line))
    .join('\n');
}

function algorithmOf(word: string): TsigAlgorithm {
  const name = word === 'hmac-md5' ? 'hmac-md5.sig-alg.reg.int' : word;
  if (Object.hasOwn(TSIG_ALGORITHMS, name)) return name as TsigAlgorithm;
  const known = Object.keys(TSIG_ALGORITHMS).join(', ');
  throw new Error(`the algorithm ${word} is not one of ${known}`);
}

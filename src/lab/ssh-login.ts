import { timingSafeEqual } from 'node:crypto';
import ssh2, { type AuthContext, type ParsedKey } from 'ssh2';

/** Lets in whoever proves to have the private half of one key; the user's name does not matter. */
export function sshLogin(publicKey: string): (context: AuthContext) => void {
  const key = parsed(publicKey);
  return (context) => {
    if (context.method !== 'publickey') return context.reject(['publickey']);
    if (!isSame(context.key.data, key.getPublicSSH())) return context.reject(['publickey']);
    // Without a signature it only asks whether the key would do.
    if (context.signature === undefined || context.blob === undefined) return context.accept();
    const proved = key.verify(context.blob, context.signature, context.hashAlgo);
    return proved === true ? context.accept() : context.reject(['publickey']);
  };
}

function parsed(publicKey: string): ParsedKey {
  const key = ssh2.utils.parseKey(publicKey);
  if (key instanceof Error) throw key;
  const first = Array.isArray(key) ? key[0] : key;
  if (first === undefined) throw new Error('no key in the login key of the lab');
  return first;
}

function isSame(shown: Buffer, wanted: Buffer): boolean {
  return shown.length === wanted.length && timingSafeEqual(shown, wanted);
}

import { WireReader, wireString } from './wire-reader.ts';

/** What we need of an OpenSSH certificate (PROTOCOL.certkeys of OpenSSH, "New public key formats"). */
export interface SshCertificate {
  /** The key that was signed, as it would be shown without its certificate. */
  readonly plainKey: Buffer;
  readonly validAfter: Date;
  /** Undefined when it is valid for ever. */
  readonly validBefore: Date | undefined;
}

const SUFFIX = '-cert-v01@openssh.com';
const FOR_EVER = 2n ** 64n - 1n;

/** Undefined for a plain key, and for a kind of certificate that is not known here. */
export function parseCertificate(blob: Buffer): SshCertificate | undefined {
  const reader = new WireReader(blob);
  const type = reader.string().toString('latin1');
  const fields = keyFields(type);
  if (fields === undefined) return undefined;
  reader.string(); // nonce
  const key = Array.from({ length: fields }, () => wireString(reader.string()));
  reader.uint64(); // serial
  reader.uint32(); // for a user or for a host
  reader.string(); // key id
  reader.string(); // principals
  const validAfter = asDate(reader.uint64());
  const before = reader.uint64();
  return {
    plainKey: Buffer.concat([wireString(Buffer.from(plainType(type))), ...key]),
    validAfter,
    validBefore: before === FOR_EVER ? undefined : asDate(before),
  };
}

/** How many strings the public key itself is. */
function keyFields(type: string): number | undefined {
  if (!type.endsWith(SUFFIX)) return undefined;
  const kind = type.slice(0, -SUFFIX.length);
  if (kind === 'ssh-ed25519') return 1;
  if (kind === 'ssh-rsa' || kind === 'sk-ssh-ed25519') return 2;
  if (kind === 'sk-ecdsa-sha2-nistp256') return 3;
  return kind.startsWith('ecdsa-sha2-') ? 2 : undefined;
}

function plainType(type: string): string {
  const kind = type.slice(0, -SUFFIX.length);
  return kind.startsWith('sk-') ? `${kind}@openssh.com` : kind;
}

/** Seconds since 1970; what is later than a Date can say is as good as its last moment. */
function asDate(seconds: bigint): Date {
  return new Date(Number(seconds > 8_640_000_000_000n ? 8_640_000_000_000n : seconds) * 1000);
}

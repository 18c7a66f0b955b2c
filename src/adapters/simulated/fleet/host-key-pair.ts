import { createPrivateKey, createPublicKey } from 'node:crypto';

export interface HostKeyPair {
  /** `ssh-ed25519 AAAA…` */
  readonly publicKey: string;
  /** In OpenSSH's own form, which is the only one of ed25519 that ssh2 reads. */
  readonly privateKey: string;
}

/** What stands before the 32 bytes of an ed25519 key in PKCS #8 (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const TYPE = 'ssh-ed25519';

/** The key pair that belongs to 32 bytes. */
export function hostKeyPair(seed: Buffer): HostKeyPair {
  const key = Buffer.concat([PKCS8_PREFIX, seed]);
  const secret = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  const point = spki.subarray(-32);
  const blob = Buffer.concat([string(TYPE), string(point)]);
  return {
    publicKey: `${TYPE} ${blob.toString('base64')}`,
    privateKey: armour(Buffer.concat([...header(blob), string(secretPart(seed, point))])),
  };
}

/** Without a cipher; the layout is that of OpenSSH's PROTOCOL.key. */
function header(blob: Buffer): Buffer[] {
  const none = [string('none'), string('none'), string('')];
  return [Buffer.from('openssh-key-v1\0'), ...none, number(1), string(blob)];
}

function secretPart(seed: Buffer, point: Buffer): Buffer {
  const check = number(0x51_6e_a1_b0);
  const key = [string(TYPE), string(point), string(Buffer.concat([seed, point])), string('')];
  const body = Buffer.concat([check, check, ...key]);
  const padding = Array.from({ length: (8 - (body.length % 8)) % 8 }, (_, place) => place + 1);
  return Buffer.concat([body, Buffer.from(padding)]);
}

function armour(body: Buffer): string {
  const lines = body.toString('base64').match(/.{1,70}/g) ?? [];
  const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} OPENSSH PRIVATE KEY-----`);
  return `${[begin, ...lines, end].join('\n')}\n`;
}

function string(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([number(bytes.length), bytes]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

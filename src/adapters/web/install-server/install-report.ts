import { createHash, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { KeptReport, OpenInstall } from '../../infra/install-server/install-tokens.ts';

/** As a public key file has it, with or without its comment; options and certificates are no host keys. */
const HostKey = z
  .string()
  .max(2_000)
  .transform((text) => text.trim())
  .pipe(
    z
      .string()
      .regex(
        /^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) [A-Za-z0-9+/]{40,}={0,2}(?: [^\r\n]*)?$/,
      ),
  )
  .transform((line) => line.split(' ').slice(0, 2).join(' '))
  .refine(namesItsOwnKind);

const Sent = z.strictObject({
  nonce: z.string().min(1).max(200),
  image: z.string().min(1).max(200),
  hostKey: HostKey,
  bootId: z
    .string()
    .transform((text) => text.trim())
    .pipe(z.string().regex(/^[0-9a-f-]{32,36}$/))
    .optional(),
});

/** The key itself repeats its kind (RFC 4253 section 6.6), so a cut or a mixed-up one is seen. */
function namesItsOwnKind(key: string): boolean {
  const [kind = '', base64 = ''] = key.split(' ');
  const bytes = Buffer.from(base64, 'base64');
  const length = bytes.length > 4 ? bytes.readUInt32BE(0) : 0;
  return bytes.subarray(4, 4 + length).toString() === kind;
}

/** A report as JSON or as a form; undefined when it is none, or another installation's. */
export function parseReport(
  body: string,
  type: string,
  { nonce, image }: OpenInstall,
): KeptReport | undefined {
  const sent = Sent.safeParse(fieldsOf(body, type));
  if (!sent.success) return undefined;
  const isOurs = isSame(sent.data.nonce, nonce) && sent.data.image === image;
  if (!isOurs) return undefined;
  const { bootId, ...rest } = sent.data;
  return { ...rest, ...(bootId !== undefined && { bootId }) };
}

function fieldsOf(body: string, type: string): unknown {
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(body));
  }
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** In the same time, however much of it is right. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

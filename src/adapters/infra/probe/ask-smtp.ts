import type { Socket } from 'node:net';
import type { CheckTarget } from '../../../domain/service-check.ts';
import { type Came, failed, Misbehaviour } from './came.ts';
import { daysLeft, openConnection, secure } from './connect.ts';
import { certificateVerdict } from './judge-page.ts';
import { type LineDialogue, lineDialogue } from './line-dialogue.ts';

type SmtpTarget = Extract<CheckTarget, { kind: 'smtp' }>;

export interface SmtpPlace {
  readonly address: string;
  /** For SNI and the certificate. */
  readonly name: string;
  readonly authorities: readonly string[] | undefined;
  readonly now: number;
}

/** Greets, says who is there, and where wanted begins TLS; sends no mail. */
export async function askSmtp(
  target: SmtpTarget,
  place: SmtpPlace,
  signal: AbortSignal,
): Promise<Came> {
  const socket = await openConnection(place.address, target.port, signal);
  try {
    const dialogue = lineDialogue(socket);
    const greeting = await dialogue.reply();
    if (greeting.code !== 220) return failed(`the greeting ${greeting.code}`);
    const offered = await greet(dialogue, socket);
    if (offered === undefined) return failed('EHLO refused');
    if (!target.starttls) return await leave(dialogue, 'a greeting and EHLO');
    if (!offered.includes('STARTTLS')) return failed('no STARTTLS offered');
    return await inTls(target, place, dialogue, socket);
  } finally {
    socket.destroy();
  }
}

async function inTls(
  { certificateDays }: SmtpTarget,
  { name, authorities, now }: SmtpPlace,
  dialogue: LineDialogue,
  socket: Socket,
): Promise<Came> {
  const { code } = await dialogue.say('STARTTLS');
  if (code !== 220) return failed(`STARTTLS refused with ${code}`);
  // Somebody on the way could have put it there, to be read as if it came under TLS.
  if (dialogue.unasked !== '') throw new Misbehaviour('something between STARTTLS and TLS');
  dialogue.release();
  const secured = await secure(socket, name, authorities);
  const days = daysLeft(secured, now);
  const within = lineDialogue(secured);
  if ((await greet(within, secured)) === undefined) return failed('EHLO refused under TLS');
  const came = 'a greeting, EHLO and STARTTLS';
  const verdict = certificateVerdict(came, certificateDays, days);
  return verdict.kind === 'failed' ? verdict : { ...(await leave(within, verdict.came)) };
}

/** What is offered; undefined when we are not wanted. */
async function greet(dialogue: LineDialogue, socket: Socket) {
  const { localAddress = '', localFamily } = socket;
  const literal = localFamily === 'IPv6' ? `IPv6:${localAddress}` : localAddress;
  const { code, lines } = await dialogue.say(`EHLO [${literal}]`);
  return code === 250 ? lines.map((line) => line.trim().toUpperCase()) : undefined;
}

async function leave(dialogue: LineDialogue, came: string): Promise<Came> {
  await dialogue.say('QUIT').catch(() => undefined);
  return { kind: 'passed', came };
}

import type { Socket } from 'node:net';
import * as z from 'zod';

/** What the bot says, a line of JSON each. */
export const FromBot = z.discriminatedUnion('kind', [
  /** First of all. */
  z.strictObject({ kind: z.literal('prove'), nonce: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.strictObject({ kind: z.literal('said'), lines: z.array(z.string()) }),
  /** Last of all. */
  z.strictObject({ kind: z.literal('end'), outcome: z.enum(['done', 'failed', 'misread']) }),
]);
export type FromBot = z.infer<typeof FromBot>;

/** What the peer says once it has proved who it is. `wait`: until the end of what it asked for. */
export const FromPeer = z.strictObject({ command: z.string().max(4_000), wait: z.boolean() });
export type FromPeer = z.infer<typeof FromPeer>;

const LONGEST_LINE = 256 * 1024;

/** Whole lines of a socket; ends where it ends, and throws at one that is longer than anybody says. */
export async function* linesOf(socket: Socket): AsyncGenerator<string> {
  let rest = '';
  for await (const part of socket.setEncoding('utf8')) {
    rest += part;
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > LONGEST_LINE) throw new Error('a line is too long');
  }
}

export function say(socket: Socket, what: FromBot | FromPeer): void {
  if (socket.writable) socket.write(`${JSON.stringify(what)}\n`);
}

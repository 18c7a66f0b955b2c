import type { Socket } from 'node:net';
import { Misbehaviour } from './came.ts';

const MOST_BYTES = 16 * 1024;
const LINE = /^(\d{3})([ -])?(.*)\r?\n/;

export interface Reply {
  readonly code: number;
  readonly lines: readonly string[];
}

export interface LineDialogue {
  /** The next reply of one or several lines. */
  reply(): Promise<Reply>;
  /** Sends a line, and gives the reply to it. */
  say(line: string): Promise<Reply>;
  /** What came after the last reply and nobody asked for. */
  readonly unasked: string;
  /** Leaves the connection to somebody else. */
  release(): void;
}

/** Replies as SMTP has them, of a limited size. https://www.rfc-editor.org/rfc/rfc5321#section-4.2 */
export function lineDialogue(socket: Socket): LineDialogue {
  let buffered = '';
  let wake = () => {};
  let problem: Error | undefined;
  const heard = (chunk: Buffer) => {
    buffered += chunk.toString('latin1');
    if (buffered.length > MOST_BYTES) problem = new Misbehaviour('a reply without an end');
    wake();
  };
  const broke = (error: Error) => {
    problem = error;
    wake();
  };
  const closed = () => broke(problem ?? new Misbehaviour('the connection was closed'));
  socket.on('data', heard).on('error', broke).on('close', closed);

  async function line(): Promise<RegExpExecArray> {
    for (;;) {
      const end = buffered.indexOf('\n') + 1;
      if (end > 0) {
        const found = LINE.exec(buffered.slice(0, end));
        buffered = buffered.slice(end);
        if (found === null) throw new Misbehaviour('something that is not SMTP');
        return found;
      }
      if (problem !== undefined) throw problem;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  async function reply(): Promise<Reply> {
    const lines: string[] = [];
    for (;;) {
      const [, code, sign, text = ''] = await line();
      lines.push(text);
      if (sign !== '-') return { code: Number(code), lines };
    }
  }

  return {
    reply,
    say(text) {
      socket.write(`${text}\r\n`);
      return reply();
    },
    get unasked() {
      return buffered;
    },
    release() {
      socket.off('data', heard).off('error', broke).off('close', closed);
    },
  };
}

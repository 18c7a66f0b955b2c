import type { Socket } from 'node:net';
import type { Came, Outgoing } from '../../../bot/chat-network.ts';
import type { OpId } from '../../../domain/ids.ts';
import type { Ended } from '../../../jobs/model/event.ts';
import { say } from './protocol.ts';

/** How long to wait for the channel to say something about an operation that was accepted. */
const TOLD_WITHIN_MS = 30_000;

const WELL: ReadonlySet<Ended> = new Set(['succeeded', 'with-skips']);

/** One command from one peer, until there is nothing more to say to it. */
export interface Session {
  /** Something is said in its channel. */
  said(message: Outgoing): void;
  /** What became of the command is known. */
  came(came: Came): void;
}

export function openSession(socket: Socket, wait: boolean): Session {
  const told = new Set<OpId>();
  const ended = new Map<OpId, Ended>();
  let came: Came | undefined;
  let patience: NodeJS.Timeout | undefined;

  function endIfOver(): void {
    if (came === undefined) return;
    const seen = wait ? ended : told;
    if (came.operations.every((op) => seen.has(op))) end();
  }

  function end(): void {
    clearTimeout(patience);
    say(socket, { kind: 'end', outcome: outcomeOf() });
    socket.end();
  }

  function outcomeOf(): 'done' | 'failed' | 'misread' {
    if (came?.outcome === 'misread') return 'misread';
    const allWell = [...ended.values()].every((outcome) => WELL.has(outcome));
    return came?.outcome === 'refused' || !allWell ? 'failed' : 'done';
  }

  socket.once('close', () => clearTimeout(patience));
  return {
    said({ lines, about }) {
      say(socket, { kind: 'said', lines: [...lines] });
      if (about !== undefined) told.add(about.op);
      if (about?.ended !== undefined) ended.set(about.op, about.ended);
      endIfOver();
    },
    came(now) {
      came = now;
      if (!wait) patience = setTimeout(end, TOLD_WITHIN_MS);
      endIfOver();
    },
  };
}

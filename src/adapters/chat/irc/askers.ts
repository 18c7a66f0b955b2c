import type { Incoming, Outgoing } from '../../../bot/chat-network.ts';
import type { Asker } from './left-out.ts';

const REMEMBERED = 1_000;
const TOLD_AGAIN_MS = 10 * 60_000;
/** Messages of one person that the bot may be busy with. */
const BUSY_EACH = 20;

type Message = Extract<Incoming, { kind: 'message' }>;

/** Who wrote what is being answered. */
export interface Askers {
  /** Runs what takes a message in; false when its sender has too many under way. */
  take(message: Message, run: () => Promise<void>): boolean;
  of(answer: Outgoing): Asker | undefined;
  /** Whether an answer only tells somebody again, after a short while, why the network does not vouch for them. */
  isToldAlready(answer: Outgoing, now: number): boolean;
}

export function rememberAskers(): Askers {
  const messages = new Map<string, Message>();
  const busy = new Map<string, number>();
  const told = new Map<string, number>();

  const answered = ({ as, to }: Outgoing) =>
    as === 'reply' && to !== undefined ? messages.get(to.id) : undefined;

  return {
    take(message, run) {
      const { channel, id } = message.ref;
      const name = `${channel} ${message.sender.shown}`;
      const count = busy.get(name) ?? 0;
      if (count >= BUSY_EACH) return false;
      busy.set(name, count + 1);
      keepNewest(messages, id, message);
      void run().finally(() => {
        const left = (busy.get(name) ?? 1) - 1;
        if (left > 0) busy.set(name, left);
        else busy.delete(name);
      });
      return true;
    },
    of(answer) {
      const message = answered(answer);
      return message && { channel: message.ref.channel, shown: message.sender.shown };
    },
    isToldAlready(answer, now) {
      const { sender } = answered(answer) ?? {};
      const because = sender?.unknown?.because;
      if (!because || !answer.lines.some((line) => line.includes(because))) return false;
      const name = `${answer.channel} ${sender.shown}`;
      if (now - (told.get(name) ?? Number.NEGATIVE_INFINITY) < TOLD_AGAIN_MS) return true;
      keepNewest(told, name, now);
      return false;
    },
  };
}

function keepNewest<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > REMEMBERED && oldest !== undefined) map.delete(oldest);
}

import type { Incoming, Outgoing } from '../../../bot/chat-network.ts';
import type { Asker } from './left-out.ts';

const REMEMBERED = 1_000;
const TOLD_AGAIN_MS = 10 * 60_000;
type Message = Extract<Incoming, { kind: 'message' }>;

/** Who wrote what is being answered. */
export interface Askers {
  remember(message: Message): void;
  of(answer: Outgoing): Asker | undefined;
  /** Whether an answer only tells somebody again, after a short while, why the network does not vouch for them. */
  isToldAlready(answer: Outgoing, now: number): boolean;
}

export function rememberAskers(): Askers {
  const messages = new Map<string, Message>();
  const told = new Map<string, number>();

  const answered = ({ as, to }: Outgoing) =>
    as === 'reply' && to !== undefined ? messages.get(to.id) : undefined;

  return {
    remember: (message) => keepNewest(messages, message.ref.id, message),
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

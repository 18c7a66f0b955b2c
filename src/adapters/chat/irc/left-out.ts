import type { Outgoing } from '../../../bot/chat-network.ts';

/** Who is answered, and where. */
export interface Asker {
  readonly channel: string;
  readonly shown: string;
}

export interface LeftOut {
  readonly asker: Asker;
  readonly count: number;
}

/** Said to somebody who asked for more than a channel can bear. */
export function leftOutNotice({ asker, count }: LeftOut, id: string): Outgoing {
  const { channel, shown } = asker;
  const what = count === 1 ? 'one more was' : `${count} more were`;
  const line = `${shown}: ${what} not answered, since that is too many at once: ask again, one at a time`;
  return { channel, key: `left out ${id}`, as: 'reply', lines: [line] };
}

import type { ChatNetwork } from '../chat-network.ts';
import { keepLooking, type Looking } from '../keep-looking.ts';
import type { Channel } from '../narrator/channels.ts';
import { backUnread, WORTH_TELLING_MS } from '../tell-of-absence.ts';

const TRIED_EVERY_MS = 5_000;

export interface TellSilenceOptions {
  readonly network: ChatNetwork;
  readonly channels: () => readonly Channel[];
  /** How many nominal milliseconds pass in one real one; 1 outside the lab. */
  readonly timeScale: number;
  readonly report: (problem: unknown) => void;
}

/**
 * Tells each channel once, as soon as it can be told, that the bot before this one fell silent and for how long nobody read
 * what was typed. A network that keeps it brings it again, and who is alone with the machine sees it.
 */
export function startTellingOfSilence(options: TellSilenceOptions, silentMs: number): Looking {
  const { network, channels, timeScale, report } = options;
  const own = channels().filter((one) => one.network === network.name);
  const isTold = network.keeps || network.private || silentMs < WORTH_TELLING_MS;
  const left = new Set(isTold ? [] : own.map(({ channel }) => channel));
  const lines = [backUnread(silentMs * timeScale)];
  const begun = Date.now();

  async function look(): Promise<void> {
    for (const channel of left) {
      await network.post({ channel, key: `silent until ${begun}`, as: 'notice', lines });
      left.delete(channel);
    }
  }

  return keepLooking(look, TRIED_EVERY_MS, report);
}

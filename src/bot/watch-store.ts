import type { ChatNetwork } from './chat-network.ts';
import { keepLooking, type Looking } from './keep-looking.ts';
import type { Channel } from './narrator/channels.ts';

const LOOKED_AT_EVERY_MS = 5_000;

export interface WatchStoreOptions {
  /** Why nothing may change, and since when; undefined where everything may. */
  readonly readOnly: () => Promise<ReadOnlyStore | undefined>;
  readonly network: ChatNetwork;
  readonly channels: () => readonly Channel[];
  /** Kept by this bot while it has not the network: what changes meanwhile is told afterwards. */
  readonly told: ToldOfStore;
  readonly report: (problem: unknown) => void;
}

/** What the channels of a network were told last. */
export interface ToldOfStore {
  readOnly: ReadOnlyStore | undefined;
}

export interface ReadOnlyStore {
  /** Milliseconds since 1970, by the store's clock. */
  readonly since: number;
  readonly because: string;
}

/** Tells every channel of a network when the store becomes read-only, and when somebody has let it go on. */
export function startWatchingStore(options: WatchStoreOptions): Looking {
  const { told } = options;

  async function look(): Promise<void> {
    const now = await options.readOnly();
    const before = told.readOnly;
    if (now?.since === before?.since) return;
    const line = now === undefined ? 'the store was accepted; work goes on' : readOnlyInWords(now);
    await post(options, `store ${now?.since ?? `accepted ${before?.since}`}`, line);
    told.readOnly = now;
  }

  return keepLooking(look, LOOKED_AT_EVERY_MS, options.report);
}

/** For everybody, wherever it is asked. */
export function readOnlyInWords({ since, because }: ReadOnlyStore): string {
  const at = new Date(since).toISOString().slice(0, 16).replace('T', ' ');
  return `READ-ONLY since ${at} UTC: ${because}. Nothing is started or changed before somebody has looked and typed: signalbox store accept`;
}

async function post(
  { network, channels }: WatchStoreOptions,
  key: string,
  line: string,
): Promise<void> {
  const own = channels().filter((one) => one.network === network.name);
  for (const { channel } of own) {
    await network.post({ channel, key: `${key} ${channel}`, as: 'notice', lines: [line] });
  }
}

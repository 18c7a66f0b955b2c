import type { GlassEvent } from '../../jobs/glass/glass-event.ts';
import type { Journal } from '../../jobs/journal/journal.ts';
import type { LedgerEntry } from '../../jobs/ledger/ledger-entry.ts';
import type { LedgerContent } from '../../jobs/ledger/read-ledger.ts';
import type { ChatNetwork } from '../chat-network.ts';
import { printable } from '../grammar/printable.ts';
import { keepLooking, type Looking } from '../keep-looking.ts';
import type { Channel } from '../narrator/channels.ts';
import { clockTime } from '../narrator/in-words.ts';
import type { GlassDesk } from './glass-desk.ts';
import { confirmers } from './glass-in-words.ts';

const LOOKED_AT_EVERY_MS = 1_000;

export interface AnnounceGlassOptions {
  readonly network: ChatNetwork;
  readonly journal: Pick<Journal, 'cursor' | 'saveCursor'>;
  readonly channels: () => readonly Channel[];
  readonly glass: GlassDesk;
  readonly prefix: () => string;
  readonly report: (problem: unknown) => void;
}

/** Tells every channel of a network what happens to the break-glass, in order, each at least once. */
export function startAnnouncingGlass(options: AnnounceGlassOptions): Looking {
  return keepLooking(() => announceNew(options), LOOKED_AT_EVERY_MS, options.report);
}

/** What was not told yet. How far it got is noted after each entry. */
export async function announceNew(options: AnnounceGlassOptions): Promise<void> {
  const { network, journal, channels, glass } = options;
  if (glass.configured() === undefined) return;
  const reader = `glass ${network.name}`;
  const content = await glass.ledger.read();
  const told = Number(await journal.cursor(reader));
  const own = channels().filter((one) => one.network === network.name);
  for (const { seq, which, line } of news(content, options).filter((one) => one.seq >= told)) {
    for (const { channel } of own) {
      const key = `glass ${which} ${channel}`;
      await network.post({ channel, key, as: 'notice', lines: [printable(line)] });
    }
    await journal.saveCursor(reader, String(seq + 1));
  }
}

interface News {
  readonly seq: number;
  /** By its time as well: a store that went backwards has other entries at the places of what a network remembers. */
  readonly which: string;
  readonly line: string;
}

function news(
  { entries, refused }: LedgerContent<GlassEvent>,
  options: AnnounceGlassOptions,
): readonly News[] {
  const told = entries.map((entry) => ({
    seq: entry.seq,
    which: `${entry.seq} of ${entry.at}`,
    line: announcement(entry, options),
  }));
  const forged = refused.map(({ seq, because }) => ({
    seq,
    which: `${seq} refused`,
    line: `BREAK-GLASS: entry ${seq} of its record does not count: ${because}`,
  }));
  return [...told, ...forged].sort((a, b) => a.seq - b.seq);
}

function announcement(
  { by, at, event }: LedgerEntry<GlassEvent>,
  { glass, prefix }: AnnounceGlassOptions,
): string {
  const name = `BREAK-GLASS ${event.rule}`;
  switch (event.kind) {
    case 'asked': {
      const who = confirmers(glass.configured() ?? { holders: [] }, by);
      return `${name}: ${by} asks to open it: ${event.because} · ${who} confirms within 10 min: ${prefix()}glass open`;
    }
    case 'opened':
      return `${name} OPEN until ${clockTime(event.until, at)}: ${event.because} · opened by ${event.with} and ${by}`;
    case 'used':
      return `${name}: ${by} types ${event.command}`;
    case 'closed':
      return `${name} CLOSED${by === 'engine' ? '' : ` by ${by}`}: ${event.because}`;
    default:
      return event satisfies never;
  }
}

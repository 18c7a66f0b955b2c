import * as z from 'zod';

const count = z.int().min(0).default(0);

const HostStats = z.object({
  ok: count,
  changed: count,
  failures: count,
  unreachable: count,
  skipped: count,
});
export type HostStats = z.infer<typeof HostStats>;

const Change = z.object({
  files: z.array(z.string()),
  added: count,
  removed: count,
  /** SHA-256 of what is missing at the end of the diff; empty when nothing is. */
  left_out: z.string(),
});

/** One line of our callback plugin, callback/signalbox_events.py. */
const PlayEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('play'), name: z.string() }),
  z.object({ event: z.literal('task'), task: z.string() }),
  z.object({ event: z.literal('no-hosts-matched') }),
  z.object({
    event: z.literal('result'),
    host: z.string(),
    task: z.string(),
    outcome: z.enum(['ok', 'changed', 'failed', 'ignored', 'skipped', 'unreachable']),
    says: z.array(z.string()),
    diff: z.string(),
    change: Change.default({ files: [], added: 0, removed: 0, left_out: '' }),
    unseen: z.boolean().default(false),
    restarts: z.boolean().default(false),
  }),
  z.object({ event: z.literal('stats'), hosts: z.record(z.string(), HostStats) }),
]);
export type PlayEvent = z.infer<typeof PlayEvent>;
export type ResultEvent = Extract<PlayEvent, { event: 'result' }>;

/** Undefined for what is no event of ours: the last line of a run that was killed may be half of one. */
export function parsePlayEvent(line: string): PlayEvent | undefined {
  try {
    return PlayEvent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

import { dueLag, feedLag } from '../adapters/store/lag.ts';
import type { Program } from './program.ts';
import type { Running } from './readiness.ts';

/** What is asked of the store and of this process at each scrape. */
export function addGauges(program: Program, running: () => Running): void {
  const { metrics, journal, now, store } = program;
  const redis = store.connection('commands');
  metrics.gauge(
    'due_lag_seconds',
    'For how long the operation has been due that waits longest for a worker.',
    ['zone'],
    () =>
      Promise.all(
        running().workers.map(async ({ zone }) => ({
          labels: { zone },
          value: (await dueLag(redis, zone, now())) / 1_000,
        })),
      ),
  );
  metrics.gauge(
    'duty_held',
    '1 where this bot does what one bot does at a time.',
    ['duty'],
    async () =>
      (running().bot?.duties ?? []).map(({ name, isHeld }) => ({
        labels: { duty: name },
        value: isHeld ? 1 : 0,
      })),
  );
  metrics.gauge(
    'narrator_lag_seconds',
    'How old the first entry is that a network was not told of.',
    ['network'],
    () =>
      Promise.all(
        networksOf(running()).map(async (network) => {
          const cursor = await journal.cursor(`narrator ${network}`);
          return { labels: { network }, value: (await feedLag(redis, cursor, now())) / 1_000 };
        }),
      ),
  );
  metrics.gauge(
    'operations_open',
    'Operations that have not ended, all and those that wait for people.',
    ['state'],
    async () => {
      const { bot } = running();
      if (bot === undefined) return [];
      const open = await bot.bot.operations.open();
      return [
        { labels: { state: 'open' }, value: open.count },
        { labels: { state: 'waiting-for-people' }, value: await open.waiting() },
      ];
    },
  );
}

const TALK = 'talk on ';

function networksOf({ bot }: Running): readonly string[] {
  const names = (bot?.duties ?? []).filter(({ isHeld }) => isHeld).map(({ name }) => name);
  return names.filter((name) => name.startsWith(TALK)).map((name) => name.slice(TALK.length));
}

import { setTimeout as delay } from 'node:timers/promises';
import type { ReloadRequests, WorkerReport } from '../../bot/reload-requests.ts';
import type { WorkerAnswer } from '../../bot/reloading.ts';
import type { ZoneName } from '../../domain/ids.ts';
import { shortRevision } from './changes-in-words.ts';

/** Workers say that they are there every ten seconds. */
const GONE_AFTER_MS = 30_000;
const LOOK_EVERY_MS = 100;

export interface AskOptions {
  readonly requests: ReloadRequests;
  readonly zones: readonly ZoneName[];
  readonly now: () => number;
  /** How long to wait for answers. Workers look once a second. */
  readonly patienceMs: number;
}

/** Asks for a reload in every zone, and waits until each worker that is there has followed it, within its patience. */
export async function askWorkers(options: AskOptions): Promise<readonly WorkerAnswer[]> {
  const { requests, zones, patienceMs } = options;
  const asked = await Promise.all(
    zones.map(async (zone) => ({ zone, number: await requests.request(zone) })),
  );
  const until = performance.now() + patienceMs;
  for (;;) {
    const answers = await Promise.all(asked.map((one) => answersIn(one, options)));
    const all = answers.flat();
    const complete = all.every(({ says }) => says !== 'silent');
    if (complete || performance.now() > until) return all;
    await delay(LOOK_EVERY_MS);
  }
}

async function answersIn(
  { zone, number }: { readonly zone: ZoneName; readonly number: number },
  { requests, now }: Pick<AskOptions, 'requests' | 'now'>,
): Promise<readonly WorkerAnswer[]> {
  const there = (await requests.reports(zone)).filter((report) => isThere(report, now()));
  return there.map(({ worker, answered, refused }) => {
    const says = refused.length > 0 ? 'refused' : 'taken';
    return { zone, worker, says: answered < number ? 'silent' : says, problems: refused };
  });
}

/** A line for each worker that refused what it read last, or works with another inventory than this one. */
export async function differingWorkers(
  { requests, zones, now }: Omit<AskOptions, 'patienceMs'>,
  revision: string,
): Promise<readonly string[]> {
  const inZones = zones.map(async (zone) => {
    const there = (await requests.reports(zone)).filter((report) => isThere(report, now()));
    return there.flatMap((report) => differing(report, zone, revision));
  });
  return (await Promise.all(inZones)).flat();
}

function differing(
  { worker, inventory, refused }: WorkerReport,
  zone: ZoneName,
  revision: string,
): readonly string[] {
  const who = `worker ${worker} of ${zone}`;
  const [first] = refused;
  if (first !== undefined)
    return [`${who} refused its configuration and uses an older one: ${first}`];
  if (inventory === revision) return [];
  return [`${who} uses inventory ${shortRevision(inventory)}, the bot ${shortRevision(revision)}`];
}

function isThere({ at }: WorkerReport, now: number): boolean {
  return at > now - GONE_AFTER_MS;
}

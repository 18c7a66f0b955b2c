import { setTimeout as delay } from 'node:timers/promises';
import { atNext } from './at-next.ts';
import type { Draw } from './draw.ts';
import { FAULTS_MS, TIMING } from './limits.ts';
import type { Member } from './member.ts';
import type { FaultSite } from './site.ts';
import type { Mark } from './target.ts';
import type { ToyKind } from './toy-steps.ts';

/** Both need a store that notices that it went backwards; they come in once that is there. */
export const LEFT_OUT = ['Redis restarted empty', 'Redis restarted from an older backup'];

export const CLOCK = 'a clock is stepped by an hour';
const HOUR_S = 3_600;

/** Something that goes wrong, once; it is over when it settles. */
type Fault = (site: FaultSite, draw: Draw, focus: ToyKind) => Promise<void>;

/** What the faults of one seed aim at. */
export const FOCUSES: readonly ToyKind[] = ['once', 'counted', 'restores', 'armed', 'guarded'];

export const FAULTS: Readonly<Record<string, Fault>> = {
  async 'kill at an append'(site, draw) {
    const victim = draw.of([site.bot, ...site.workers, ...site.workers]);
    const moment = draw.of(['before', 'after'] as const);
    const nth = 1 + draw.below(8);
    victim.line.atAppend(moment, nth, () => {
      site.history.note(`FAULT  ${victim.name} is killed ${moment} an append`);
      victim.kill();
    });
  },
  async 'kill at a mark'(site, draw, focus) {
    const kind = draw.of(['look', 'begin', 'effect', 'end', 'arm'] as const);
    await atMark(site, draw, { kind, focus }, (worker) => {
      site.history.note(`FAULT  ${worker.name} is killed at ${kind}`);
      worker.kill();
    });
  },
  async 'freeze at a mark'(site, draw, focus) {
    // Its next call would come after the freeze: what it sent before is out already.
    const kind = draw.of(['look', 'look', 'effect'] as const);
    await atMark(site, draw, { kind, focus }, async (worker) => {
      site.history.note(`FAULT  ${worker.name} freezes at ${kind}`);
      await freezeLong(worker, draw);
      site.history.note(`${worker.name} thaws`);
    });
  },
  async 'kill at any time'(site, draw) {
    await someTime(draw);
    const victim = draw.of([site.bot, ...site.workers]);
    site.history.note(`FAULT  ${victim.name} is killed`);
    victim.kill();
  },
  async 'partition from the store'(site, draw) {
    await someTime(draw);
    const victim = draw.of([...site.workers, ...site.workers, site.bot]);
    site.history.note(`FAULT  nothing passes between ${victim.name} and the store`);
    victim.line.silence();
    await delay(TIMING.leaseMs * (1 + draw.below(3)));
    victim.line.heal();
    site.history.note(`${victim.name} reaches the store again`);
  },
  async 'partition at a mark'(site, draw, focus) {
    const kind = draw.of(['look', 'effect', 'effect'] as const);
    await atMark(site, draw, { kind, focus }, async (worker) => {
      site.history.note(`FAULT  nothing passes between ${worker.name} and the store, at ${kind}`);
      worker.line.silence();
      await delay(TIMING.leaseMs * 3);
      worker.line.heal();
      site.history.note(`${worker.name} reaches the store again`);
    });
  },
  async 'Redis is killed'({ redis, history }, draw) {
    await someTime(draw);
    history.note('FAULT  Redis is killed');
    await redis.kill();
    await delay(draw.below(800));
    await redis.start();
    history.note('Redis is back');
  },
  async 'SSH is cut in the middle of a command'(site, draw, focus) {
    const kind = draw.of(['look', 'begin', 'effect', 'arm'] as const);
    await atMark(site, draw, { kind, focus }, () => {
      site.history.note(`FAULT  SSH is cut at ${kind}`);
      site.ssh.cutSessions();
    });
  },
  async [CLOCK]({ workers, history }, draw) {
    await someTime(draw);
    const worker = draw.of(workers);
    history.note(`FAULT  the clock of ${worker.name} jumps ahead by an hour`);
    worker.stepClock(HOUR_S);
  },
  async 'a newer version is deployed'({ workers, bot, history }, draw) {
    await someTime(draw);
    history.note('FAULT  version 2 is deployed, one process after another');
    for (const each of [...workers, bot]) {
      each.deploy(2);
      await delay(draw.below(700));
    }
  },
};

/** How often each of them is drawn. */
export const FAULT_NAMES: readonly string[] = [
  ...Array.from({ length: 5 }, () => 'kill at an append'),
  ...Array.from({ length: 5 }, () => 'kill at a mark'),
  ...Array.from({ length: 4 }, () => 'freeze at a mark'),
  ...Array.from({ length: 3 }, () => 'SSH is cut in the middle of a command'),
  ...Array.from({ length: 2 }, () => 'partition from the store'),
  ...Array.from({ length: 2 }, () => 'partition at a mark'),
  ...Array.from({ length: 2 }, () => 'Redis is killed'),
  'kill at any time',
  CLOCK,
  'a newer version is deployed',
];

function someTime(draw: Draw): Promise<void> {
  return delay(draw.below(FAULTS_MS));
}

/** Past its lease, and mostly past what a successor waits before it acts. */
async function freezeLong(worker: Member, draw: Draw): Promise<void> {
  worker.freeze();
  await delay(TIMING.leaseMs * (2 + draw.below(4)));
  worker.thaw();
}

interface Aim {
  readonly kind: Mark['kind'];
  readonly focus: ToyKind;
}

/** To the worker that leaves such a mark next, or the one after; now and then of whatever step. */
function atMark(
  site: FaultSite,
  draw: Draw,
  { kind, focus }: Aim,
  then: (worker: Member) => void | Promise<void>,
): Promise<void> {
  const anywhere = draw.percent(25);
  const isAimed = (mark: Mark) =>
    mark.kind === kind && (anywhere || mark.step.startsWith(`${focus}-`));
  return atNext(site, isAimed, draw.below(2), then);
}

import { setTimeout as delay } from 'node:timers/promises';
import { atMark } from './at-mark.ts';
import type { Draw } from './draw.ts';
import { killAtAnyTime, killAtAppend, killAtStep } from './kills.ts';
import { AHEAD, BACK, CUT_OFF, DEPLOYED, EMPTY, FROZEN, OLDER, SSH_CUT } from './kinds.ts';
import { FAULTS_MS, TIMING } from './limits.ts';
import { comeBackEmpty, comeBackOlder } from './lost-store.ts';
import type { Member } from './member.ts';
import type { FaultSite } from './site.ts';
import type { ToyKind } from './toy-steps.ts';

export const CLOCK = 'a clock is stepped by an hour';
const HOUR_S = 3_600;

/** Something that goes wrong, once; it is over when it settles. */
type Fault = (site: FaultSite, draw: Draw, focus: ToyKind) => Promise<void>;

/** What the faults of one seed aim at. */
export const FOCUSES: readonly ToyKind[] = ['once', 'counted', 'restores', 'armed', 'guarded'];

export const FAULTS: Readonly<Record<string, Fault>> = {
  'kill at an append': killAtAppend,
  'kill at a step': killAtStep,
  'kill at any time': killAtAnyTime,
  async 'freeze at a mark'(site, draw, focus) {
    // Its next call would come after the freeze: what it sent before is out already.
    const kind = draw.of(['look', 'look', 'effect'] as const);
    await atMark(site, draw, { kind, focus }, async (worker) => {
      site.history.fault(FROZEN, `${worker.name} freezes at ${kind}`);
      await freezeLong(worker, draw);
      site.history.note(`${worker.name} thaws`);
    });
  },
  async 'partition from the store'(site, draw) {
    await someTime(draw);
    const victim = draw.of([...site.workers, ...site.workers, site.bot]);
    site.history.fault(CUT_OFF, `nothing passes between ${victim.name} and the store`);
    victim.line.silence();
    await delay(TIMING.leaseMs * (1 + draw.below(3)));
    victim.line.heal();
    site.history.note(`${victim.name} reaches the store again`);
  },
  async 'partition at a mark'(site, draw, focus) {
    const kind = draw.of(['look', 'effect', 'effect'] as const);
    await atMark(site, draw, { kind, focus }, async (worker) => {
      site.history.fault(
        CUT_OFF,
        `nothing passes between ${worker.name} and the store, at ${kind}`,
      );
      worker.line.silence();
      await delay(TIMING.leaseMs * 3);
      worker.line.heal();
      site.history.note(`${worker.name} reaches the store again`);
    });
  },
  async 'SSH is cut in the middle of a command'(site, draw, focus) {
    const kind = draw.of(['look', 'begin', 'effect', 'arm'] as const);
    await atMark(site, draw, { kind, focus }, () => {
      site.history.fault(SSH_CUT, `SSH is cut at ${kind}`);
      site.ssh.cutSessions();
    });
  },
  async [CLOCK]({ workers, bot, history }, draw) {
    await someTime(draw);
    const victim = draw.of([...workers, bot]);
    const kind = draw.of([AHEAD, BACK]);
    history.fault(kind, `the clock of ${victim.name} jumps: ${kind}`);
    victim.stepClock(kind === AHEAD ? HOUR_S : -HOUR_S);
  },
  async 'a newer version is deployed'({ workers, bot, history }, draw) {
    await someTime(draw);
    history.fault(DEPLOYED, 'version 2 is deployed, one process after another');
    for (const each of [...workers, bot]) {
      each.deploy(2);
      await delay(draw.below(700));
    }
  },
  [EMPTY]: comeBackEmpty,
  [OLDER]: comeBackOlder,
};

/** How often each of them is drawn. */
export const FAULT_NAMES: readonly string[] = [
  ...Array.from({ length: 6 }, () => 'kill at an append'),
  ...Array.from({ length: 6 }, () => 'kill at a step'),
  ...Array.from({ length: 4 }, () => 'freeze at a mark'),
  ...Array.from({ length: 3 }, () => 'SSH is cut in the middle of a command'),
  ...Array.from({ length: 2 }, () => 'partition from the store'),
  ...Array.from({ length: 2 }, () => 'partition at a mark'),
  'kill at any time',
  CLOCK,
  'a newer version is deployed',
  EMPTY,
  OLDER,
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

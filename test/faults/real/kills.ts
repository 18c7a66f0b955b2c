import { setTimeout as delay } from 'node:timers/promises';
import { atAppend } from './at-append.ts';
import { atMark } from './at-mark.ts';
import type { AppendAim, Moment } from './cuttable-line.ts';
import type { Draw } from './draw.ts';
import { killedAtAnyTime, killKind, MOMENTS, type Victim } from './kinds.ts';
import { FAULTS_MS } from './limits.ts';
import type { Member } from './member.ts';
import type { FaultSite } from './site.ts';
import type { ToyKind } from './toy-steps.ts';

const AWAY_MS = 800;
const LIKELY: readonly Victim[] = ['bot', 'worker', 'worker', 'worker', 'Redis'];

/** Somebody dies before, inside or after one of their appends; Redis at an append of anybody. */
export async function killAtAppend(site: FaultSite, draw: Draw): Promise<void> {
  const victim = draw.of(LIKELY);
  const moment = draw.of(MOMENTS);
  const nth = 1 + draw.below(8);
  const worker = draw.of(site.workers);
  const members = { bot: [site.bot], worker: [worker], Redis: [site.bot, ...site.workers] }[victim];
  await atAppend(members, { moment, nth }, (member) => {
    const whose = victim === 'Redis' ? ` of ${member.name}` : '';
    const over = kill(site, draw, { victim, worker: member }, [
      killKind(victim, moment, 'append'),
      `${moment} an append${whose}`,
    ]);
    return { append: 'is lost', over };
  });
}

/** Somebody dies before a step is on record as begun, while it is under way, or when it is done. */
export async function killAtStep(site: FaultSite, draw: Draw, focus: ToyKind): Promise<void> {
  const victim = draw.of(LIKELY);
  const moment = draw.of(MOMENTS);
  const how = draw.of(WAYS[moment]);
  const then = (worker: Member) =>
    kill(site, draw, { victim, worker }, [
      killKind(victim, moment, 'step'),
      `${moment} a step of ${worker.name}, at ${typeof how === 'string' ? how : how.says}`,
    ]);
  if (typeof how === 'string') return atMark(site, draw, { kind: how, focus }, then);
  const append = victim === 'bot' ? 'goes on' : 'is lost';
  await atAppend(site.workers, { ...how, nth: 1 + draw.below(3) }, (worker) => ({
    append,
    over: then(worker),
  }));
}

type Way = 'look' | 'begin' | 'effect' | 'arm' | 'end' | Omit<AppendAim, 'nth'>;

const begun = '"kind":"step-started"';
const ended = '"kind":"step-ended"';
const WAYS: Readonly<Record<Moment, readonly Way[]>> = {
  before: [
    { moment: 'before', says: begun },
    { moment: 'inside', says: begun },
    { moment: 'after', says: begun },
  ],
  inside: ['look', 'begin', 'begin', 'effect', 'effect', 'arm'],
  after: ['end', { moment: 'before', says: ended }, { moment: 'after', says: ended }],
};

export async function killAtAnyTime(site: FaultSite, draw: Draw): Promise<void> {
  await delay(draw.below(FAULTS_MS));
  const victim = draw.of(['bot', 'worker', 'Redis'] as const);
  const worker = draw.of(site.workers);
  await kill(site, draw, { victim, worker }, [killedAtAnyTime(victim), 'at any time']);
}

/** The bot, Redis, or this worker. */
async function kill(
  site: FaultSite,
  draw: Draw,
  { victim, worker }: { readonly victim: Victim; readonly worker: Member },
  [kind, when]: readonly [kind: string, when: string],
): Promise<void> {
  const member = victim === 'bot' ? site.bot : worker;
  const name = victim === 'Redis' ? victim : member.name;
  site.history.fault(kind, `${name} is killed ${when}`);
  if (victim !== 'Redis') return member.kill();
  await site.redisAlone(async () => {
    await site.redis.kill();
    await delay(draw.below(AWAY_MS));
    await site.redis.start();
    site.history.note('Redis is back');
  });
}

import { setTimeout as delay } from 'node:timers/promises';
import { atNext } from './at-next.ts';
import { TIMING } from './limits.ts';
import type { Member } from './member.ts';
import { operationsIn } from './people.ts';
import { resultIn } from './result-in.ts';
import type { FaultSite } from './site.ts';
import type { Mark } from './target.ts';

/** Past the lease, the next look at what is due, and what a successor waits before it acts. */
const LONG_MS = TIMING.leaseMs * 5;
const ENDED_WITHIN_MS = 25_000;
const LOOK_EVERY_MS = 50;

/** One history that is not drawn: it shows what happens without one of the engine's guards. */
export interface Written {
  readonly guard: string;
  readonly asks: readonly string[];
  readonly at?: readonly [kind: Mark['kind'], step: string];
  does?(worker: Member): void | Promise<void>;
}

const killed = ({ kill }: Member) => kill();

async function frozen({ freeze, thaw }: Member): Promise<void> {
  freeze();
  await delay(LONG_MS);
  thaw();
}

/** It wakes up and hears nothing of having lost its lease: its own clock is all that it has. */
async function frozenAndCutOff({ freeze, thaw, line }: Member): Promise<void> {
  line.silence();
  freeze();
  await delay(LONG_MS);
  thaw();
  await delay(TIMING.leaseMs);
  line.heal();
}

export const WRITTEN: readonly Written[] = [
  {
    guard: 'the epoch check of the append',
    asks: ['!toy s1 once+guarded'],
    at: ['effect', 'once-1'],
    does: frozen,
  },
  {
    guard: 'the deadline check before port calls',
    asks: ['!toy s1 counted+guarded'],
    at: ['look', 'counted-1'],
    does: frozenAndCutOff,
  },
  {
    guard: 'the compare-and-set of claims',
    asks: Array.from({ length: 6 }, (_, index) => `!toy s${1 + (index % 2)} guarded`),
  },
  {
    guard: 'the reconciler',
    asks: ['!toy s1 guarded+guarded'],
    at: ['begin', 'guarded-1'],
    does: killed,
  },
  {
    guard: 'the write-once of intend',
    asks: ['!toy s1 restores+fails'],
    at: ['effect', 'restores-1'],
    does: killed,
  },
];

/** Everything is approved at once, and what fails is taken back. */
export async function playWritten(site: FaultSite, { asks, at, does }: Written): Promise<void> {
  const { chat, history } = site;
  chat.listen(({ key, as, reactions = [], ref }) => {
    if (as !== 'prompt') return;
    if (/ plan /.test(key)) chat.react('ben', '👍', ref);
    else if (reactions.includes('↩️')) chat.react('ben', '↩️', ref);
  });
  for (const text of asks) chat.say('ana', text);
  if (at !== undefined && does !== undefined) {
    const [kind, step] = at;
    const isAimed = (mark: Mark) => mark.kind === kind && mark.step === step;
    await atNext(site, isAimed, 0, (worker) => {
      history.note(`FAULT  ${worker.name} is ${does.name} at ${kind} of ${step}`);
      return does(worker);
    });
  }
  await ended(site, asks.length);
  if (operationsIn(chat.heard).size === 0)
    throw new Error('nothing that was asked for was accepted');
}

/** Waits for so many results; where they do not come, what is at rest is judged. */
async function ended({ chat }: FaultSite, count: number): Promise<void> {
  const until = performance.now() + ENDED_WITHIN_MS;
  const results = () => new Set(chat.heard.flatMap(({ lines }) => resultIn(lines)?.op ?? []));
  while (results().size < count && performance.now() < until) await delay(LOOK_EVERY_MS);
}

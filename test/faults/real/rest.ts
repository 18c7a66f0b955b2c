import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { askedKey } from '../../../src/bot/narrator/subject-key.ts';
import type { OperationState } from '../../../src/jobs/model/state.ts';
import { readJournals } from './journals.ts';
import { GIVE_UP_MS, REST_MS } from './limits.ts';
import type { FaultSite } from './site.ts';

const LOOK_EVERY_MS = 100;
const CANCEL_EVERY_MS = 2_500;

/** Nothing goes wrong any more. */
export function heal({ workers, bot, folder, history }: FaultSite): void {
  for (const { line, thaw } of [...workers, bot]) {
    line.heal();
    thaw();
  }
  writeFileSync(join(folder, 'mended'), '');
  history.note('everything is healed');
}

/** Waits until every operation has ended or waits for something that the channel can see. Says what does not. */
export async function comeToRest(site: FaultSite): Promise<readonly string[]> {
  const until = performance.now() + REST_MS;
  for (;;) {
    const restless = await whatMoves(site);
    if (restless.length === 0) return [];
    if (performance.now() > until) return restless;
    await delay(LOOK_EVERY_MS);
  }
}

/** Cancels what is still open, which always ends it. */
export async function giveUpTheRest(site: FaultSite): Promise<readonly string[]> {
  const until = performance.now() + GIVE_UP_MS;
  let cancelAt = 0;
  for (;;) {
    const { states } = await readJournals(site);
    const open = states.filter(({ phase }) => phase.kind !== 'ended');
    if (open.length === 0) return [];
    if (performance.now() > until) {
      return open.map(({ op, phase }) => `${op} cannot be cancelled: it is ${phase.kind}`);
    }
    if (performance.now() > cancelAt) {
      for (const { op } of open) site.chat.say('ana', `!cancel ${op} given up`);
      cancelAt = performance.now() + CANCEL_EVERY_MS;
    }
    await delay(LOOK_EVERY_MS);
  }
}

async function whatMoves(site: FaultSite): Promise<readonly string[]> {
  const { states } = await readJournals(site).catch(() => ({ states: undefined }));
  if (states === undefined) return ['the store does not answer'];
  const down = [...site.workers, site.bot].filter(({ isUp }) => !isUp());
  const heard = new Set(site.chat.heard.map(({ key }) => key));
  const blocked = states.some(({ phase, claims }) => phase.kind !== 'ended' && claims.length > 0);
  return [
    ...down.map(({ name }) => `${name} does not come up`),
    ...states.flatMap((state) => {
      const { op, phase } = state;
      if (phase.kind === 'ended' || (phase.kind === 'claims' && blocked)) return [];
      const key = promptKey(state);
      if (key === undefined) return [`${op} is ${phase.kind} for ever`];
      return heard.has(key) ? [] : [`${op} waits on ${key}, and the channel does not know`];
    }),
  ];
}

/** What it waits on; undefined while it waits for nobody, as with all the approvals it needs. */
function promptKey({ op, phase, approvals }: OperationState): string | undefined {
  if (phase.kind === 'approval') {
    const isEnough = approvals.length >= phase.demand.count;
    return isEnough ? undefined : askedKey({ kind: 'approval', op, subject: phase.subject });
  }
  if (phase.kind !== 'asking' && phase.kind !== 'held') return undefined;
  return askedKey({ kind: 'prompt', op, prompt: phase.prompt.id });
}

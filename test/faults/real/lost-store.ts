import { setTimeout as delay } from 'node:timers/promises';
import type { OpId } from '../../../src/domain/ids.ts';
import type { AnchorsRead } from '../../../src/jobs/audit/read-anchors.ts';
import { findingInWords } from '../../../src/program/audit/audit-lines.ts';
import type { Told } from '../invariants.ts';
import { stateOf } from '../invariants.ts';
import type { Draw } from './draw.ts';
import { journalsIn, readJournals } from './journals.ts';
import { EMPTY, OLDER } from './kinds.ts';
import { FAULTS_MS } from './limits.ts';
import { type Loss, shortened, vanished } from './loss.ts';
import type { FaultSite } from './site.ts';

const NOTICED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;
/** Prompts come, and people answer them. */
const GOES_ON_FOR_MS = 1_500;

export async function comeBackEmpty(site: FaultSite, draw: Draw): Promise<void> {
  await delay(FAULTS_MS / 2 + draw.below(FAULTS_MS / 2));
  await comeBack(site, EMPTY, undefined);
}

export async function comeBackOlder(site: FaultSite, draw: Draw): Promise<void> {
  await delay(draw.below(FAULTS_MS / 2));
  const older = await site.redisAlone(() => site.redis.copy());
  site.history.note('Redis is copied');
  await delay(FAULTS_MS / 2 + draw.below(FAULTS_MS / 2));
  await comeBack(site, OLDER, older);
}

/** Redis dies and comes back with this; whoever runs the site hears of it, looks, and accepts what there is. Once a site. */
async function comeBack(site: FaultSite, kind: string, copy: string | undefined): Promise<void> {
  const { history, chat, losses } = site;
  const { heard } = chat;
  const begun = heard.length;
  const lost = await site.redisAlone(() => exchange(site, kind, copy));
  if (lost === undefined) return;
  const isNoticed = () =>
    heard.slice(begun).some(({ lines }) => lines[0]?.startsWith('READ-ONLY since'));
  const until = performance.now() + NOTICED_WITHIN_MS;
  while (!isNoticed() && performance.now() < until) await delay(LOOK_EVERY_MS);
  if (!isNoticed()) {
    const violations = [`Redis lost ${namesOf(shortened(lost))}, and nobody noticed`];
    losses.push({ ...lost, heard: heard.length, violations });
    return;
  }
  const heardBefore = heard.length;
  // Whoever finds the store away in the middle of it would do it again; here nobody kills it meanwhile.
  const violations = await site.redisAlone(() => acceptedBySomebody(site, lost));
  losses.push({ ...lost, heard: heardBefore, violations });
  history.note('the store was accepted');
  await delay(GOES_ON_FOR_MS);
}

type Lost = Pick<Loss, 'before' | 'after'>;

/** Nothing when the copy has everything that Redis had, and when Redis lost something already. */
async function exchange(
  { redis, history }: FaultSite,
  kind: string,
  copy: string | undefined,
): Promise<Lost | undefined> {
  if (history.faults.includes(EMPTY) || history.faults.includes(OLDER)) return undefined;
  await redis.kill();
  const lost = {
    before: await journalsIn(await redis.copy()),
    after: copy === undefined ? [] : await journalsIn(copy),
  };
  const isLoss = shortened(lost).length > 0;
  if (isLoss) {
    await redis.replace(copy);
    history.fault(kind, `${kind}: ${namesOf(shortened(lost))}`);
  }
  await redis.start();
  return isLoss ? lost : undefined;
}

async function acceptedBySomebody(site: FaultSite, lost: Lost): Promise<readonly string[]> {
  const anchored = await site.operator.anchored();
  const { findings } = await site.operator.verify();
  for (const finding of findings) site.history.note(`audit: ${findingInWords(finding)}`);
  const { told } = await readJournals(site);
  const said = await site.operator.accept();
  for (const line of said) site.history.note(`accept: ${line}`);
  const found = new Set(findings.map(({ op }) => op));
  return [
    ...anchoredBeyond(anchored, lost)
      .filter((op) => !found.has(op))
      .map((op) => `${op} has less than was anchored, and the audit did not find it`),
    ...mustHear(told)
      .filter((op) => !said.some((line) => line.startsWith(`${op} `)))
      .map((op) => `${op} was not told that its store went backwards`),
    ...unnamed(anchored, lost, said),
  ];
}

/** Operations that anchors have seen more of than there is. */
function anchoredBeyond({ points }: AnchorsRead, lost: Lost): readonly OpId[] {
  const left = new Map(lost.after.map(({ op, entries }) => [op, entries.length]));
  return shortened(lost)
    .map(({ op }) => op)
    .filter((op) => points.get(op)?.some(({ seq }) => seq > (left.get(op) ?? 0)));
}

/** Whoever may have gone on in what was lost. */
function mustHear(told: readonly Told[]): readonly OpId[] {
  return told
    .map(stateOf)
    .filter(({ phase, hold }) => !hold && MAY_GO_ON.has(phase.kind))
    .map(({ op }) => op);
}

const MAY_GO_ON: ReadonlySet<string> = new Set(['approval', 'claims', 'running', 'asking']);

/** Gone without a word, though it was known to be under way. */
function unnamed({ points }: AnchorsRead, lost: Lost, said: readonly string[]): readonly string[] {
  return [...vanished(lost)]
    .filter((op) => points.has(op) && points.get(op)?.at(-1)?.ended !== true)
    .filter((op) => !said.some((line) => line.startsWith(`${op} was under way and is gone`)))
    .map((op) => `${op} is gone, and nobody was told of it by name`);
}

function namesOf(told: readonly Told[]): string {
  return told.map(({ op, entries }) => `${op} (${entries.length})`).join(', ');
}

import type { HostName, StepId } from '../../domain/ids.ts';
import type { ClaimsView } from '../journal/journal.ts';
import type { OperationState } from '../model/state.ts';
import { type ClaimsOutlook, claimsOutlook } from './claims-outlook.ts';
import { endOperation } from './end-operation.ts';
import type { Gate, GateAnswer } from './gate.ts';
import { GO_ON, type Next, park } from './next.ts';
import { barredPrompt } from './prompts.ts';
import { reminding } from './remind.ts';
import { runbookOf } from './runbook-of.ts';
import type { Tenure } from './tenure.ts';

/** How soon to ask again when somebody who has to be asked did not answer, or claims are taken. */
export const ASK_AGAIN_MS = 10_000;
/** So many times as long at the most. */
const SLOWEST = 6;

/** Counts approvals, sees that the plan still holds, and takes the claims: everything, or it waits and says why. */
export async function startOperation(tenure: Tenure): Promise<Next> {
  const { gate } = tenure.engine;
  for (const ask of [gate.mayProceed, claimsAreFree(tenure), gate.planHolds]) {
    const answer = await ask(tenure.state, tenure.signal);
    if (answer.kind !== 'yes') return notStarted(tenure, answer);
  }
  return takeClaims(tenure);
}

/** Of what waits for claims already, nothing is planned again in vain: planning may go out to hosts. */
function claimsAreFree({ engine, ref, state }: Tenure): Gate['planHolds'] {
  const { phase } = state;
  if (phase.kind !== 'claims' || phase.because === undefined) return async () => ({ kind: 'yes' });
  return async (waiting, signal) => {
    const view = await engine.journal.claims(ref.zone);
    return engine.gate.mayClaim(waiting, view, signal);
  };
}

type Refused = Exclude<GateAnswer, { kind: 'yes' }>;
type Taking = { readonly taken: Promise<boolean> } | Refused;

async function takeClaims(tenure: Tenure): Promise<Next> {
  const outlook = claimsOutlook(tenure.engine.journal, tenure.ref.zone);
  const taking = await outlook.inTurn(() => decideClaims(tenure, outlook));
  if (!('taken' in taking)) {
    return awaitClaims(tenure, taking);
  }
  await taking.taken;
  return GO_ON;
}

/** Only what was just read may say no: what is expected still holds what was freed meanwhile. */
async function decideClaims(tenure: Tenure, outlook: ClaimsOutlook): Promise<Taking> {
  const { engine, ref, state, signal } = tenure;
  const { expected } = outlook;
  if (expected !== undefined) {
    const answer = await engine.gate.mayClaim(state, expected, signal);
    const isYes = answer.kind === 'yes' && outlook.mayCome(expected);
    if (isYes) return take(tenure, expected, outlook, answer.away);
  }
  const view = await engine.journal.claims(ref.zone);
  const answer = await engine.gate.mayClaim(state, view, signal);
  return answer.kind === 'yes' ? take(tenure, view, outlook, answer.away) : answer;
}

function take(
  tenure: Tenure,
  view: ClaimsView,
  outlook: ClaimsOutlook,
  away: readonly HostName[] = [],
): Taking {
  const { engine, ref, state } = tenure;
  const { claims } = state.request.plan;
  const claimed = { kind: 'claimed', claims, ...(away.length > 0 && { away }) } as const;
  const taken = tenure.decide([claimed], view.revision);
  const since = engine.now();
  const own = claims.map((claim) => ({ op: ref.op, claim, since }));
  outlook.expect(view, { op: ref.op, own }, taken);
  return { taken };
}

/** Those far back in the line ask less often: whoever leaves it before them wakes them. */
async function awaitClaims(tenure: Tenure, answer: Refused): Promise<Next> {
  const { place } = answer.kind === 'not-yet' ? answer : {};
  const because = answer.because ?? 'what it needs is taken';
  if (!isSaid(tenure.state, because, place)) {
    const { claims } = tenure.state.request.plan;
    const line = place === undefined ? {} : { claims, place };
    await tenure.decide([{ kind: 'claims-awaited', because, ...line }]);
  }
  return park(ASK_AGAIN_MS * Math.min(place ?? 1, SLOWEST));
}

/** Who stands where changes often: it is said to whoever joins the line, and again to whoever comes first. */
function isSaid({ phase }: OperationState, because: string, place: number | undefined): boolean {
  if (phase.kind !== 'claims' || (phase.place === undefined) !== (place === undefined))
    return false;
  return phase.because === because || ((phase.place ?? 1) > 1 && (place ?? 1) > 1);
}

async function notStarted(tenure: Tenure, answer: Refused): Promise<Next> {
  const { phase } = tenure.state;
  switch (answer.kind) {
    case 'not-yet':
    case 'unavailable':
      if (answer.because !== undefined) return cannotStart(tenure, answer, answer.because);
      return park(phase.kind === 'approval' ? untilSaid(tenure, phase.expiresAt) : ASK_AGAIN_MS);
    case 'no':
      return endOperation(tenure, 'refused', answer.because);
    default:
      return answer satisfies never;
  }
}

/** Until the time is over, or something has to be said. */
function untilSaid({ engine, state }: Tenure, expiresAt: number): number {
  const now = engine.now();
  return Math.min(expiresAt - now, reminding(state, now, engine.reminders?.()).nextInMs);
}

async function cannotStart(tenure: Tenure, answer: Refused, because: string): Promise<Next> {
  const { phase, startRefused } = tenure.state;
  if (phase.kind === 'claims') return awaitClaims(tenure, answer);
  if (startRefused === because) return park(ASK_AGAIN_MS);
  await tenure.decide([{ kind: 'start-refused', because }]);
  return GO_ON;
}

/** Goes on with a step that wanted an approval of its own, once there are enough of them. */
export async function approveStep(tenure: Tenure, step: StepId): Promise<Next> {
  const { engine, state, epoch } = tenure;
  const answer = await engine.gate.mayProceed(state, tenure.signal);
  if (answer.kind === 'no') return askWhatNow(tenure, answer.because);
  if (answer.kind !== 'yes') return park(ASK_AGAIN_MS);
  await tenure.decide([
    { kind: 'step-started', step, way: 'run', attempt: attemptOf(tenure), epoch },
  ]);
  return GO_ON;
}

/** It has not begun, so whoever lets it go on is asked for its own approval again. */
async function askWhatNow(tenure: Tenure, because: string): Promise<Next> {
  const { engine, state } = tenure;
  const { ifUnanswered } = runbookOf(engine, state);
  await tenure.decide([barredPrompt(state, { now: engine.now(), ifUnanswered }, because)]);
  return GO_ON;
}

function attemptOf({ state }: Tenure): number {
  return state.current?.attempt ?? 1;
}

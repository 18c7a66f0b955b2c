import type { HostName, OpId, StepId, UserId } from '../../domain/ids.ts';
import type { Author, Entry, EventOf, JournalEvent, Result, Way } from './event.ts';
import { knownEvent } from './event.ts';
import type { Claim } from './plan.ts';
import type { PromptOption } from './prompt.ts';
import type { Current, HostDowntime, OperationState, Phase } from './state.ts';
import { followingStep, lastToUndo } from './step-order.ts';

/** A pure fold over entries; an event it does not know is passed over, and so is one without its author's proof. Undefined for no entries. */
export function foldEntries(op: OpId, entries: readonly Entry[]): OperationState | undefined {
  return entries.reduce<OperationState | undefined>(
    (state, entry) => foldEntry(op, state, entry),
    undefined,
  );
}

export function foldEntry(
  op: OpId,
  before: OperationState | undefined,
  entry: Entry,
): OperationState | undefined {
  const event = knownEvent(entry);
  const state = before ?? begin(op, entry);
  if (state === undefined) return undefined;
  const counts = event !== undefined && entry.unvouched === undefined;
  const after = counts ? unbarred(apply(state, event, entry), event) : state;
  const glass = counts && 'glass' in event ? event.glass : undefined;
  return { ...after, ...(glass && { glass }), seq: entry.seq + 1, lastAt: entry.at };
}

function begin(op: OpId, entry: Entry): OperationState | undefined {
  const event = knownEvent(entry);
  if (event?.kind !== 'requested' || entry.by === 'engine') return undefined;
  const { plan, demand, approvalExpiresAt: expiresAt } = event;
  return {
    op,
    request: event,
    requester: entry.by,
    ...(entry.unvouched !== undefined && { unvouched: entry.unvouched }),
    requestedAt: entry.at,
    seq: 0,
    lastAt: entry.at,
    phase: demand
      ? { kind: 'approval', subject: { plan: plan.digest }, demand, expiresAt }
      : { kind: 'claims' },
    way: 'run',
    approvals: [],
    silence: silenceFrom(entry.at),
    claims: [],
    awayBefore: [],
    downtime: new Map(),
    results: new Map(),
    undone: new Map(),
    intents: new Map(),
    unproven: new Set(),
    children: new Map(),
    timings: [],
    answerers: [],
    takeoverAsked: [],
  };
}

function apply(state: OperationState, event: JournalEvent, entry: Entry): OperationState {
  switch (event.kind) {
    case 'approved':
      return entry.by === 'engine' ? state : withApproval(state, event, entry.by, entry.at);
    case 'withdrawn':
      return { ...state, approvals: state.approvals.filter(({ by }) => by !== entry.by) };
    case 'approval-asked':
      return { ...state, phase: approvalOf(event), silence: silenceFrom(entry.at) };
    case 'reminded':
      return { ...state, silence: remindedOf(state, event) };
    case 'start-refused':
      return { ...state, startRefused: event.because };
    case 'claims-awaited':
      return { ...state, phase: awaiting(event) };
    case 'claimed':
      return goOn(withClaims(state, event));
    case 'released':
      return { ...state, claims: without(state.claims, event.claims) };
    case 'barred': {
      const since = state.barred?.since ?? entry.at;
      return { ...state, barred: { because: event.because, since } };
    }
    case 'downtime':
      return { ...state, downtime: withDowntime(state, event) };
    case 'step-started':
      return started(event.unproven ? withUnproven(state, event.step) : state, event, entry.at);
    case 'intended':
      return state.intents.has(event.step)
        ? state
        : { ...state, intents: new Map(state.intents).set(event.step, event.preState) };
    case 'interrupted':
      return interrupted(state, event, entry.at);
    case 'waiting':
      return waiting(state, event, entry.at);
    case 'step-ended':
      return ended(state, event, entry.at);
    case 'asked':
      return asked(state, event, entry.at);
    case 'answered':
      return answered(withAnswerer(state, entry.by), event, entry.at);
    case 'rolling-back':
      return goOn({ ...state, way: 'undo' });
    case 'child-ended':
      return { ...state, children: new Map(state.children).set(event.op, event.outcome) };
    case 'cancel-requested':
      return { ...state, cancel: { by: entry.by, because: event.because } };
    case 'hold-requested':
      return { ...state, hold: { by: entry.by, because: event.because } };
    case 'takeover-asked':
      return entry.by === 'engine' ? state : withTakeoverAsked(state, entry.by, entry.at);
    case 'taken-over':
      return {
        ...state,
        takeoverAsked: [],
        hold: { by: entry.by, because: event.because, takenOver: true },
      };
    case 'ended':
      return { ...state, phase: event, claims: [] };
    case 'requested':
    case 'denied':
    case 'failures-counted':
    case 'report-undelivered':
      return state;
    default:
      return event satisfies never;
  }
}

const PASSES: ReadonlySet<JournalEvent['kind']> = new Set([
  'step-started',
  'step-ended',
  'asked',
  'rolling-back',
  'ended',
]);

/** It passed, or it waits there no more. */
function unbarred({ barred, ...state }: OperationState, { kind }: JournalEvent): OperationState {
  return barred === undefined || PASSES.has(kind) ? state : { ...state, barred };
}

function withClaims(
  state: OperationState,
  { claims, away = [] }: EventOf<'claimed'>,
): OperationState {
  return { ...state, claims: [...state.claims, ...claims], awayBefore: away };
}

function withDowntime(
  state: OperationState,
  { state: change, hosts, because }: EventOf<'downtime'>,
): OperationState['downtime'] {
  const downtime = new Map<HostName, HostDowntime>(state.downtime);
  for (const host of hosts) {
    const begun = downtime.get(host)?.begun ?? false;
    if (change === 'begun') downtime.set(host, { begun: true });
    else if (change === 'failed') downtime.set(host, { begun, failed: because ?? 'no reason' });
    else downtime.delete(host);
  }
  return downtime;
}

function withAnswerer(state: OperationState, by: Author): OperationState {
  return by === 'engine' ? state : { ...state, answerers: [...state.answerers, by] };
}

function silenceFrom(since: number): OperationState['silence'] {
  return { since, reminded: 0, escalated: false };
}

function remindedOf(
  { silence }: OperationState,
  { nth, escalated }: EventOf<'reminded'>,
): OperationState['silence'] {
  return { ...silence, reminded: nth, escalated };
}

function withTakeoverAsked(state: OperationState, by: UserId, at: number): OperationState {
  return { ...state, takeoverAsked: [...state.takeoverAsked, { by, at }] };
}

function awaiting({ because, place }: EventOf<'claims-awaited'>): Phase {
  return { kind: 'claims', because, ...(place !== undefined && { place }) };
}

function approvalOf({ subject, demand, expiresAt }: EventOf<'approval-asked'>): Phase {
  return { kind: 'approval', subject, demand, expiresAt };
}

function withApproval(
  state: OperationState,
  { subject, network }: EventOf<'approved'>,
  by: UserId,
  at: number,
): OperationState {
  const silence = { ...state.silence, since: at, reminded: 0 };
  return { ...state, silence, approvals: [...state.approvals, { by, subject, at, network }] };
}

/** Whatever a later attempt comes to, an earlier call may have taken effect. */
function withUnproven(state: OperationState, step: StepId): OperationState {
  return { ...state, unproven: new Set(state.unproven).add(step) };
}

function started(
  state: OperationState,
  { step, way, attempt }: EventOf<'step-started'>,
  at: number,
): OperationState {
  const phase: Phase = { kind: 'running', step, way };
  const { current } = state;
  const same = current?.step === step && current.way === way;
  if (same && current.attempt === attempt) {
    // Another worker goes on with the same attempt: what it remembers and was told still holds.
    const { doubt: _doubt, failure: _failure, ...rest } = current;
    return { ...state, phase, current: { ...rest, begun: true } };
  }
  const firstAttempt = same && current.failure ? current.firstAttempt : attempt;
  return {
    ...state,
    phase,
    current: { ...fresh(step, way, at), attempt, firstAttempt },
  };
}

function interrupted(
  state: OperationState,
  { because, code, next }: EventOf<'interrupted'>,
  at: number,
): OperationState {
  const { current } = state;
  if (current === undefined) return state;
  const interruptions = current.interruptions + 1;
  const failure = code === undefined ? undefined : { code, next: next ?? '' };
  const doubt = { because, since: at, ...(failure && { failure }) };
  return { ...state, current: { ...current, interruptions, doubt } };
}

function waiting(
  state: OperationState,
  { memo, note }: EventOf<'waiting'>,
  at: number,
): OperationState {
  const { current } = state;
  if (current === undefined) return state;
  const { answer: _answered, ...rest } = current;
  const waitingSince = current.waitingSince ?? at;
  return { ...state, current: { ...rest, memo, note, waitingSince } };
}

function ended(
  state: OperationState,
  { step, way, attempt, result }: EventOf<'step-ended'>,
  at: number,
): OperationState {
  const { startedAt, askedMs } = state.current ?? fresh(step, way, at);
  const timings = [...state.timings, { step, way, attempt, startedAt, endedAt: at, askedMs }];
  const after = withResult({ ...state, timings }, step, way, result);
  const failed = result.kind === 'failed' || result.kind === 'unknown';
  if (!failed) return goOn(after);
  const { doubt: _doubt, answer: _answer, ...current } = after.current ?? fresh(step, way, at);
  return { ...after, current: { ...current, failure: { result, at } } };
}

function withResult(state: OperationState, step: StepId, way: Way, result: Result): OperationState {
  if (way === 'run') {
    const after = result.kind === 'unknown' ? withUnproven(state, step) : state;
    return { ...after, results: new Map(state.results).set(step, result) };
  }
  return { ...state, undone: new Map(state.undone).set(step, result) };
}

function asked(
  state: OperationState,
  { prompt, step, way, memo }: EventOf<'asked'>,
  at: number,
): OperationState {
  const phase: Phase = { kind: 'asking', prompt, step, way };
  const { hold: _held, cancel: _cancelled, ...others } = state;
  const rest = { ...others, silence: silenceFrom(at) };
  if (state.current?.step !== step || state.current.failure) return { ...rest, phase };
  return {
    ...rest,
    phase,
    current: { ...state.current, memo, askedAt: state.current.askedAt ?? at },
  };
}

function answered(
  state: OperationState,
  { prompt, word }: EventOf<'answered'>,
  at: number,
): OperationState {
  const { phase } = state;
  if (phase.kind !== 'asking' && phase.kind !== 'held') return state;
  if (phase.prompt.id !== prompt) return state;
  const option = phase.prompt.options.find((candidate) => candidate.word === word);
  if (option === undefined) return state;
  // Somebody who holds it goes on thinking.
  return decided(option.does === 'hold' ? state : goingOn(state, at), phase, option, at);
}

function goingOn(state: OperationState, at: number): OperationState {
  if (state.current?.askedAt === undefined) return state;
  const { askedAt, ...current } = state.current;
  return { ...state, current: { ...current, askedMs: current.askedMs + at - askedAt } };
}

function decided(
  state: OperationState,
  phase: Extract<Phase, { kind: 'asking' | 'held' }>,
  { word, does }: PromptOption,
  at: number,
): OperationState {
  const { step, way } = phase;
  switch (does) {
    case 'hold':
      return { ...state, phase: { ...phase, kind: 'held' } };
    case 'retry':
      return { ...state, phase: { kind: 'running', step, way }, ...nextAttempt(state, at) };
    case 'skip':
      return goOn(withResult(state, step, way, { kind: 'skipped' }));
    case 'rollback':
      return goOn({ ...state, way: 'undo' });
    case 'step': {
      const current = state.current && { ...state.current, answer: word };
      return { ...state, phase: { kind: 'running', step, way }, ...(current && { current }) };
    }
    default:
      return does satisfies never;
  }
}

/** A failure that a person answered with "retry" gives the definition's tries anew; what was merely held goes on as it was. */
function nextAttempt({ current }: OperationState, at: number): { current?: Current } {
  if (current?.failure === undefined) return {};
  const attempt = current.attempt + 1;
  const { step, way } = current;
  const again = { ...fresh(step, way, at), attempt, firstAttempt: attempt, begun: false };
  return { current: again };
}

/** To the next step of the way, or to the finish. */
function goOn({ current: _done, ...state }: OperationState): OperationState {
  const next = state.way === 'run' ? followingStep(state) : lastToUndo(state);
  if (next === undefined) return { ...state, phase: { kind: 'finished', way: state.way } };
  return { ...state, phase: { kind: 'running', step: next.id, way: state.way } };
}

function fresh(step: StepId, way: Way, at: number): Current {
  const firsts = { attempt: 1, firstAttempt: 1, interruptions: 0 };
  return { step, way, ...firsts, startedAt: at, askedMs: 0, begun: true };
}

function without(held: readonly Claim[], released: readonly Claim[]): readonly Claim[] {
  const gone = new Set(released.map((claim) => JSON.stringify(claim)));
  return held.filter((claim) => !gone.has(JSON.stringify(claim)));
}

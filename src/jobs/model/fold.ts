import type { HostName, OpId, UserId } from '../../domain/ids.ts';
import type { Entry, EventOf, JournalEvent } from './event.ts';
import { knownEvent } from './event.ts';
import { answered, asked, remindedOf, silenceFrom, withAnswerer } from './fold-question.ts';
import { ended, goOn, interrupted, started, waiting, withUnproven } from './fold-step.ts';
import type { Claim } from './plan.ts';
import { isSameSubject } from './same-subject.ts';
import type { HostDowntime, OperationState, Phase } from './state.ts';

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
      return { ...state, approvals: withoutApproval(state, event, entry.by) };
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
      return state.hold?.takenOver
        ? state
        : { ...state, hold: { by: entry.by, because: event.because } };
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

/** Of that alone: somebody who doubts a step has still approved the plan. */
function withoutApproval(
  { approvals }: OperationState,
  { subject }: EventOf<'withdrawn'>,
  by: Entry['by'],
): OperationState['approvals'] {
  return approvals.filter((one) => one.by !== by || !isSameSubject(one.subject, subject));
}

function without(held: readonly Claim[], released: readonly Claim[]): readonly Claim[] {
  const gone = new Set(released.map((claim) => JSON.stringify(claim)));
  return held.filter((claim) => !gone.has(JSON.stringify(claim)));
}

import { memoryBookmarks } from '../../../src/adapters/simulated/memory-bookmarks.ts';
import { memoryJournal } from '../../../src/adapters/simulated/memory-journal.ts';
import { memoryStepLog } from '../../../src/adapters/simulated/memory-step-log.ts';
import { memoryThreads } from '../../../src/adapters/simulated/memory-threads.ts';
import { Failure } from '../../../src/domain/failure.ts';
import { HostName, OpId, UserId } from '../../../src/domain/ids.ts';
import { attend } from '../../../src/jobs/engine/attend.ts';
import { DEFAULT_TIMING, type Engine } from '../../../src/jobs/engine/engine.ts';
import type { Gate } from '../../../src/jobs/engine/gate.ts';
import { planOperation } from '../../../src/jobs/engine/plan-operation.ts';
import { createRedactor } from '../../../src/jobs/engine/redactor.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import type { JournalEvent } from '../../../src/jobs/model/event.ts';
import { foldEntries } from '../../../src/jobs/model/fold.ts';
import type { OperationState } from '../../../src/jobs/model/state.ts';
import type { Ports } from '../../../src/jobs/ports/ports.ts';
import { decideClaims } from '../../../src/policies/interlocks.ts';
import type { Told } from '../invariants.ts';
import { type Actor, turnstile } from './actors.ts';
import { gatedJournal } from './gated-journal.ts';
import { network } from './network.ts';
import { BUILDERS, STAGING, type ToyInput, toyRunbook } from './toy-runbook.ts';
import { toyTargets } from './toy-target.ts';

const ana = UserId.parse('ana');
const ben = UserId.parse('ben');
export const HOSTS = [1, 2, 3].map((number) => HostName.parse(`builder-0${number}`));
export const MOST_AWAY = 2;

/** One worker: a process with an engine, which may die and come back as another process. */
export interface TwinWorker {
  actor: Actor;
  engine: Engine;
  readonly busy: Set<OpId>;
}

export type TwinWorld = ReturnType<typeof twinWorld>;

/** The engine over a store in memory. `now` is the one clock; whoever moves it also fires its timers. */
export function twinWorld(
  now: () => number,
  { workers: workerCount, takeovers }: { readonly workers: number; readonly takeovers: boolean },
) {
  const store = memoryJournal({ now, monotonic: now });
  const gate = turnstile();
  const lines = network(gate, now);
  const targets = toyTargets(lines, now);
  const refs: OpRef[] = [];
  const bugs: unknown[] = [];
  const workers = Array.from({ length: workerCount }, (_, index) => hire(`worker-${index + 1}`));

  function hire(name: string): TwinWorker {
    const actor: Actor = { name, alive: true, frozen: false };
    return { actor, engine: engineOf(actor), busy: new Set() };
  }

  function engineOf(actor: Actor): Engine {
    return {
      journal: gatedJournal(store, actor, gate),
      runbooks: new Map([[toyRunbook.name, toyRunbook]]),
      withPorts: (work) => work({ toy: targets.portOf(actor) } as unknown as Ports),
      gate: openGate(),
      stepLog: memoryStepLog(),
      threads: memoryThreads(),
      bookmarks: memoryBookmarks(),
      redactor: createRedactor(),
      timing: DEFAULT_TIMING,
      now,
      monotonic: now,
      report: (problem) => {
        if (!(problem instanceof Failure && problem.code === STORE_AWAY)) bugs.push(problem);
      },
    };
  }

  return {
    /** Whether people take hosts from operations. */
    takeovers,
    store,
    gate,
    lines,
    targets,
    refs,
    bugs,
    workers,
    /** What its process was doing never goes on; another takes its place. */
    kill(worker: TwinWorker): void {
      worker.actor.alive = false;
      Object.assign(worker, hire(worker.actor.name));
      worker.busy.clear();
    },
    /** A worker answers the doorbell for an operation. */
    attend(worker: TwinWorker, ref: OpRef): void {
      const { actor, engine, busy } = worker;
      busy.add(ref.op);
      const over = () => {
        if (worker.actor === actor) busy.delete(ref.op);
      };
      void attend(engine, ref, { stopping: () => false }).then(over, over);
    },
    async request(input: ToyInput): Promise<void> {
      const plan = await planOperation(
        toyRunbook,
        input,
        {} as Ports,
        new AbortController().signal,
      );
      const ref = { op: opId(refs.length), zone: plan.zone };
      const event: JournalEvent = {
        kind: 'requested',
        plan,
        command: `toy ${input.host}`,
        inventory: 'r1',
        demand: { count: 1, groups: [] },
        approvalExpiresAt: now() + 30 * 60_000,
        estimateMs: 60_000,
        origin: { network: 'console', channel: '#ops' },
      };
      await store.append(ref, { events: [event], by: ana, seq: 0, dueInMs: 0 });
      refs.push(ref);
    },
    /** What a person says counts only on the state they saw. */
    async say(ref: OpRef, event: JournalEvent, seen: OperationState): Promise<void> {
      await store.append(ref, { events: [event], by: ben, seq: seen.seq, dueInMs: 0 });
    },
    async told(): Promise<readonly Told[]> {
      return Promise.all(refs.map(async (ref) => ({ op: ref.op, entries: await store.read(ref) })));
    },
    async state(ref: OpRef): Promise<OperationState> {
      const state = foldEntries(ref.op, await store.read(ref));
      if (state === undefined) throw new Error(`${ref.op} has no journal`);
      return state;
    },
    dueNow: () => store.due(STAGING, 100),
    /** Milliseconds until one of these is due, or undefined when none ever is. */
    nextDue(ops: readonly OpId[]): number | undefined {
      const dues = ops.flatMap((op) => store.stored(op)?.due ?? []);
      return dues.length === 0 ? undefined : Math.max(0, Math.min(...dues) - now());
    },
    claims: () => store.claims(STAGING),
  };
}

const STORE_AWAY = 'toy.store-away';

/** For the duration of one call; nobody knows whether it was taken. */
export function storeAway(): Failure {
  return new Failure({
    code: STORE_AWAY,
    problem: 'the store was asked',
    because: 'it is away',
    effect: 'unknown',
    next: 'Wait until it is back.',
  });
}

/** One approval is enough, plans do not change, and claims are decided as they are everywhere. */
function openGate(): Gate {
  return {
    mayProceed: async ({ approvals }) =>
      approvals.length > 0 ? { kind: 'yes' } : { kind: 'not-yet' },
    planHolds: async () => ({ kind: 'yes' }),
    async mayClaim({ op, request }, { held, waiting }) {
      const pool = {
        hosts: HOSTS,
        maxUnavailable: MOST_AWAY,
        onePerArchitecture: false,
        outOfService: [],
      };
      const decided = decideClaims(request.plan.claims, {
        op,
        held,
        waiting,
        pools: new Map([[BUILDERS, pool]]),
        architectureOf: () => 'x86_64',
        capacityOf: () => undefined,
        prefix: '!',
      });
      if (decided.kind === 'grant') return { kind: 'yes' };
      const because = decided.kind === 'blocked' ? decided.reasons.join(', ') : decided.because;
      return {
        kind: 'not-yet',
        because,
        ...(decided.kind === 'blocked' && { place: decided.place }),
      };
    },
  };
}

/** Ids are made of the signs that people can tell apart. */
function opId(index: number): OpId {
  const signs = '23456789abcdefghjkmnpqrstuvwxyz';
  const digits = [3, 2, 1, 0].map(
    (power) => signs[Math.floor(index / signs.length ** power) % signs.length],
  );
  return OpId.parse(`op-${digits.join('')}`);
}

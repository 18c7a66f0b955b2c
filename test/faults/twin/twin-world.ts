import { memoryJournal } from '../../../src/adapters/simulated/memory-journal.ts';
import { Failure } from '../../../src/domain/failure.ts';
import { HostName, OpId, UserId } from '../../../src/domain/ids.ts';
import { attend } from '../../../src/jobs/engine/attend.ts';
import type { Engine } from '../../../src/jobs/engine/engine.ts';
import type { Gate, GateAnswer } from '../../../src/jobs/engine/gate.ts';
import { planOperation } from '../../../src/jobs/engine/plan-operation.ts';
import type { ClaimsView, OpRef } from '../../../src/jobs/journal/journal.ts';
import type { JournalEvent } from '../../../src/jobs/model/event.ts';
import { foldEntries } from '../../../src/jobs/model/fold.ts';
import type { OperationState } from '../../../src/jobs/model/state.ts';
import type { Ports } from '../../../src/jobs/ports/ports.ts';
import { decideFreezes, freezeKey, freezesByHand } from '../../../src/policies/freezes.ts';
import { decideClaims, type Interlocked } from '../../../src/policies/interlocks.ts';
import { decideGoingOn } from '../../../src/policies/recheck.ts';
import { memoryEngine } from '../../jobs/engine/memory-engine.ts';
import { partly } from '../../partly.ts';
import type { Told } from '../invariants.ts';
import { type Actor, turnstile } from './actors.ts';
import { gatedJournal } from './gated-journal.ts';
import { network } from './network.ts';
import { BUILDERS, STAGING, type ToyInput, type ToyPorts, toyRunbook } from './toy-runbook.ts';
import { toyTargets } from './toy-target.ts';

const ana = UserId.parse('ana');
const ben = UserId.parse('ben');
export const HOSTS = [1, 2, 3].map((number) => HostName.parse(`builder-0${number}`));
export const MOST_AWAY = 2;

/** What is not so in every history. */
export interface Besides {
  /** People take hosts from operations. */
  readonly takeovers?: true;
  /** They freeze the zone and take hosts out of service. */
  readonly freezes?: true;
  /** One operation for each host is approved at the same moment, and the build system answers later than the store. */
  readonly rush?: true;
}

/** An append is over after two, and its refusal is read after three. */
const FARM_POINTS = 8;

interface Span {
  readonly from: number;
  until: number;
}

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
  { workers: workerCount, besides }: { readonly workers: number; readonly besides: Besides },
) {
  const store = memoryJournal({ now, monotonic: now });
  const gate = turnstile();
  const lines = network(gate, now);
  const targets = toyTargets(lines, now);
  const refs: OpRef[] = [];
  const outOfService = new Set<HostName>();
  const frozen: Span[] = [];
  const bugs: unknown[] = [];
  const read = new Map<OpId, Told>();
  const workers = Array.from({ length: workerCount }, (_, index) => hire(`worker-${index + 1}`));

  function hire(name: string): TwinWorker {
    const actor: Actor = { name, alive: true, frozen: false };
    return { actor, engine: engineOf(actor), busy: new Set() };
  }

  function engineOf(actor: Actor): Engine {
    const ports = partly<ToyPorts>({ toy: targets.portOf(actor) });
    const { engine } = memoryEngine(
      { runbook: toyRunbook, ports, now, monotonic: now },
      {
        journal: gatedJournal(store, actor, gate),
        gate: openGate(now, outOfService, () => askFarm(actor)),
        report: (problem) => {
          if (!(problem instanceof Failure && problem.code === STORE_AWAY)) bugs.push(problem);
        },
      },
    );
    return engine;
  }

  async function askFarm(actor: Actor): Promise<void> {
    if (!besides.rush) return;
    for (let nth = 0; nth < FARM_POINTS; nth += 1) await gate.at(actor, 'target: build system');
  }

  /** Read again, which checks its chain, when there is more of it. */
  async function toldOf(ref: OpRef): Promise<Told> {
    const before = read.get(ref.op);
    if (before && before.entries.length === store.stored(ref.op)?.texts.length) return before;
    const now = { op: ref.op, entries: await store.read(ref) };
    read.set(ref.op, now);
    return now;
  }

  async function thaw(): Promise<void> {
    await store.unlockByHand(STAGING, freezeKey(STAGING));
    const last = frozen.at(-1);
    if (last && last.until > now()) last.until = now();
  }

  return {
    besides,
    /** Hosts that somebody else took out of service. */
    outOfService,
    /** When nothing was to start. */
    frozen,
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
      return Promise.all(refs.map(toldOf));
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
    async freeze(forMs: number): Promise<void> {
      await thaw();
      const { revision } = await store.claims(STAGING);
      const what = { by: ana, because: 'the network is moved', until: now() + forMs };
      await store.lockByHand(STAGING, { key: freezeKey(STAGING), ...what }, revision);
      frozen.push({ from: now(), until: what.until });
    },
    thaw,
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

/** One approval is enough, plans do not change, and interlocks are decided as they are everywhere. */
function openGate(
  now: () => number,
  outOfService: ReadonlySet<HostName>,
  askFarm: () => Promise<void>,
): Gate {
  const factsOf = (op: OpId, { held, waiting }: Omit<ClaimsView, 'revision'>) => ({
    op,
    held,
    waiting,
    pools: new Map([[BUILDERS, { ...POOL, outOfService: [...outOfService] }]]),
    architectureOf: () => 'x86_64',
    capacityOf: () => undefined,
    frozen: decideFreezes(freezesByHand(held), { ...STARTING, now: now() }, '!'),
    prefix: '!',
  });
  return {
    mayProceed: async ({ approvals }) =>
      approvals.length > 0 ? { kind: 'yes' } : { kind: 'not-yet' },
    planHolds: async () => ({ kind: 'yes' }),
    mayClaim: async ({ op, request }, view) => {
      await askFarm();
      const decided = decideClaims(request.plan.claims, factsOf(op, view));
      if (decided.kind !== 'grant') return answerOf(decided);
      const away = request.plan.claims.flatMap((claim) =>
        claim.kind === 'budget' && outOfService.has(claim.host) ? [claim.host] : [],
      );
      return { kind: 'yes', away };
    },
    mayGoOn: async (state, view) => answerOf(decideGoingOn(state, factsOf(state.op, view))),
  };
}

const POOL = { hosts: HOSTS, maxUnavailable: MOST_AWAY, onePerArchitecture: false };
const STARTING = { command: 'toy', zone: STAGING, environments: [], groups: [] };

function answerOf(decided: Interlocked): GateAnswer {
  switch (decided.kind) {
    case 'grant':
      return { kind: 'yes' };
    case 'unknown':
      return { kind: 'unavailable', because: decided.because };
    case 'frozen':
      return { kind: 'not-yet', because: decided.reasons.join(', ') };
    case 'blocked':
      return { kind: 'not-yet', because: decided.reasons.join(', '), place: decided.place };
    default:
      return decided satisfies never;
  }
}

/** Ids are made of the signs that people can tell apart. */
function opId(index: number): OpId {
  const signs = '23456789abcdefghjkmnpqrstuvwxyz';
  const digits = [3, 2, 1, 0].map(
    (power) => signs[Math.floor(index / signs.length ** power) % signs.length],
  );
  return OpId.parse(`op-${digits.join('')}`);
}

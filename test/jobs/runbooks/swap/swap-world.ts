import {
  putRecords,
  recordsOf,
  shownBy,
  type ZoneWorld,
} from '../../../../src/adapters/simulated/dns/zone-world.ts';
import { leapingClock } from '../../../../src/adapters/simulated/fleet/leaping-clock.ts';
import { memoryBookmarks } from '../../../../src/adapters/simulated/memory-bookmarks.ts';
import { memoryJournal } from '../../../../src/adapters/simulated/memory-journal.ts';
import { memoryStepLog } from '../../../../src/adapters/simulated/memory-step-log.ts';
import { memoryThreads } from '../../../../src/adapters/simulated/memory-threads.ts';
import { renderLines } from '../../../../src/bot/narrator/render-lines.ts';
import { tell } from '../../../../src/bot/narrator/tell.ts';
import { HostName, newOpId, ServiceName, UserId } from '../../../../src/domain/ids.ts';
import { attend } from '../../../../src/jobs/engine/attend.ts';
import { DEFAULT_TIMING, type Engine } from '../../../../src/jobs/engine/engine.ts';
import { planOperation } from '../../../../src/jobs/engine/plan-operation.ts';
import { createRedactor } from '../../../../src/jobs/engine/redactor.ts';
import type { OpRef } from '../../../../src/jobs/journal/journal.ts';
import { foldEntries, foldEntry } from '../../../../src/jobs/model/fold.ts';
import type { OperationState } from '../../../../src/jobs/model/state.ts';
import type { Ports } from '../../../../src/jobs/ports/ports.ts';
import swap from '../../../../src/jobs/runbooks/swap.ts';
import { OPEN_GATE } from '../../engine/world.ts';
import { pairInventory } from './pair-inventory.ts';
import { NAME_OF_PAIR, pairPorts } from './pair-ports.ts';

export type SwapWorld = ReturnType<typeof createSwapWorld>;

const NAME = NAME_OF_PAIR;
const LEASE_MS = DEFAULT_TIMING.leaseMs;

/** The pair over a simulated fleet and simulated DNS servers, with an engine that a test drives by hand. */
export function createSwapWorld(...said: readonly string[]) {
  const clock = leapingClock();
  const inventory = pairInventory(...said);
  const { fleet, zone, storage, ports } = pairPorts(clock, { current: () => inventory });
  const { signal } = new AbortController();
  const problems: unknown[] = [];
  const engine: Engine = {
    // Commands let time pass within a call, so leases are counted by a clock of their own.
    journal: memoryJournal({ now: clock.now, monotonic: () => 0 }),
    runbooks: new Map([[swap.name, swap]]),
    withPorts: (work) => work(ports),
    gate: { ...OPEN_GATE, planHolds: (state) => planHolds(state) },
    stepLog: memoryStepLog(),
    threads: memoryThreads(),
    bookmarks: memoryBookmarks(),
    redactor: createRedactor(),
    timing: DEFAULT_TIMING,
    now: clock.now,
    monotonic: () => 0,
    report: (problem) => problems.push(problem),
  };

  async function planHolds({ request }: OperationState) {
    try {
      const now = await planOperation(swap, request.plan.input, ports, signal);
      if (now.digest === request.plan.digest) return { kind: 'yes' } as const;
      return { kind: 'no', because: 'the plan is another one now than was approved' } as const;
    } catch (problem) {
      return { kind: 'unavailable', because: String(problem) } as const;
    }
  }

  async function state(ref: OpRef): Promise<OperationState> {
    const folded = foldEntries(ref.op, await engine.journal.read(ref));
    if (folded === undefined) throw new Error(`${ref.op} is not there`);
    return folded;
  }

  async function turn(ref: OpRef, by = engine): Promise<number | null> {
    const attended = await attend(by, ref, { stopping: () => false });
    if (attended === undefined) throw new Error(`nobody could attend to ${ref.op}: ${problems}`);
    return attended.dueInMs;
  }

  const host = (name: string) => HostName.parse(name);
  const isUp = (name: string) => fleet.host(name).state !== 'off';
  const runs = (name: string) => isUp(name) && fleet.host(name).system.services.has('scheduler');

  return {
    clock,
    engine,
    fleet,
    ports,
    problems,
    signal,
    storage,
    zone,
    inventory,
    host,
    state,
    plan: (line: object = {}) =>
      planOperation(
        swap,
        { service: 'compute', update: true, anytime: false, ...line },
        ports,
        signal,
      ),
    async request(line: object = {}): Promise<OpRef> {
      const input = {
        service: ServiceName.parse('compute'),
        update: true,
        anytime: false,
        ...line,
      };
      const plan = await planOperation(swap, input, ports, signal);
      const ref = { op: newOpId(8), zone: plan.zone };
      await engine.journal.append(ref, {
        by: UserId.parse('ana'),
        seq: 0,
        events: [
          {
            kind: 'requested',
            plan,
            command: 'swap compute',
            inventory: inventory.revision,
            approvalExpiresAt: clock.now(),
            estimateMs: 0,
            origin: { network: 'console', channel: '#ops' },
          },
        ],
      });
      return ref;
    },
    /** Lets time pass until it has ended, asks, or has come to a step. */
    async run(ref: OpRef, until?: string): Promise<OperationState> {
      for (let turns = 0; turns < 5_000; turns += 1) {
        const dueInMs = await turn(ref);
        const now = await state(ref);
        if (dueInMs === null || now.phase.kind === 'asking') return now;
        if (until !== undefined && now.current?.step === until) return now;
        clock.advance(Math.max(dueInMs, 1));
      }
      throw new Error(`${ref.op} does not come to an end`);
    },
    async answer(ref: OpRef, word: string): Promise<void> {
      const { phase } = await state(ref);
      if (phase.kind !== 'asking') throw new Error(`${ref.op} asks nothing: ${phase.kind}`);
      const event = { kind: 'answered', prompt: phase.prompt.id, word } as const;
      await engine.journal.append(ref, { events: [event], by: UserId.parse('ben') });
    },
    /** A worker calls this method of a port for this operation and is never heard of again. */
    async dieAt(ref: OpRef, port: keyof Ports, method: string, how: DeathAt = {}): Promise<void> {
      const died = Promise.withResolvers<void>();
      const mortal = deadly(ports, port, method, how, died.resolve);
      const doomed: Engine = { ...engine, withPorts: (work) => work(mortal) };
      const dying = (async () => {
        for (;;) {
          const due = await turn(ref, doomed);
          if (due === null) throw new Error(`${ref.op} never came to ${port}.${method}`);
          clock.advance(Math.max(due, 1));
        }
      })();
      await Promise.race([died.promise, dying]);
      clock.advance(LEASE_MS + 1);
    },
    /** Somebody else points the name elsewhere. */
    repoint(value: string, ttlS = 300): void {
      putRecords(zone, NAME, [{ type: 'CNAME', value, ttlS }]);
    },
    /** Where each DNS server points, which members run what may run once, and which builders are up and enabled. */
    async place() {
      const builder = async (name: string) => {
        const { enabled } = await ports.farm.builder(host(name), signal);
        return `${isUp(name) ? 'up' : 'off'} ${enabled ? 'enabled' : 'disabled'}`;
      };
      return {
        dns: zone.servers.map((server) => shortNameOf(zone, server)),
        scheduler: ['node1', 'node2'].filter(runs),
        'builder-01': await builder('builder-01'),
        'builder-02': await builder('builder-02'),
      };
    },
    /** The members that start the scheduler when they boot. */
    enabled: () =>
      ['node1', 'node2'].filter((name) => fleet.host(name).system.enabled.has('scheduler')),
    ttls: () => zone.servers.map((server) => recordsOf(shownBy(zone, server), NAME)[0]?.ttlS),
    /** What the channel was told. */
    async heard(ref: OpRef): Promise<string> {
      const lines: string[] = [];
      let before: OperationState | undefined;
      for (const entry of await engine.journal.read(ref)) {
        const after = foldEntry(ref.op, before, entry);
        if (after === undefined) break;
        const facts = { prefix: '!', timeScale: 1, estimate: new Map() } as never;
        lines.push(
          ...tell(before, after, entry, facts).flatMap(({ situation }) =>
            renderLines(situation, { reactions: true }),
          ),
        );
        before = after;
      }
      return lines.join('\n');
    },
  };
}

function shortNameOf(zone: ZoneWorld, server: ZoneWorld['servers'][number]): string {
  return recordsOf(shownBy(zone, server), NAME)[0]?.value.split('.')[0] ?? 'nowhere';
}

export interface DeathAt {
  /** After so many calls of it. */
  readonly after?: number;
  /** The call is carried out, and only its answer is lost. */
  readonly acted?: true;
}

function deadly(
  ports: Ports,
  port: keyof Ports,
  method: string,
  { after = 0, acted }: DeathAt,
  died: () => void,
): Ports {
  let calls = 0;
  const mortal = new Proxy(ports[port] as object, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (key !== method || typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        calls += 1;
        if (calls <= after) return value.apply(target, args);
        if (acted) await value.apply(target, args);
        died();
        return new Promise(() => undefined);
      };
    },
  });
  return { ...ports, [port]: mortal };
}

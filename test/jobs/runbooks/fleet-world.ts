import { demoFleet } from '../../../src/adapters/simulated/fleet/demo-fleet.ts';
import { leapingClock } from '../../../src/adapters/simulated/fleet/leaping-clock.ts';
import { memoryBookmarks } from '../../../src/adapters/simulated/memory-bookmarks.ts';
import { memoryJournal } from '../../../src/adapters/simulated/memory-journal.ts';
import { memoryStepLog } from '../../../src/adapters/simulated/memory-step-log.ts';
import { memoryThreads } from '../../../src/adapters/simulated/memory-threads.ts';
import { simulatedPorts } from '../../../src/adapters/simulated/simulated-ports.ts';
import { HostName, newOpId, UserId } from '../../../src/domain/ids.ts';
import type { Inventory } from '../../../src/domain/inventory.ts';
import { attend } from '../../../src/jobs/engine/attend.ts';
import { DEFAULT_TIMING, type Engine } from '../../../src/jobs/engine/engine.ts';
import { planOperation } from '../../../src/jobs/engine/plan-operation.ts';
import { createRedactor } from '../../../src/jobs/engine/redactor.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import { foldEntries } from '../../../src/jobs/model/fold.ts';
import type { OperationState } from '../../../src/jobs/model/state.ts';
import type { Ports } from '../../../src/jobs/ports/ports.ts';
import reimage from '../../../src/jobs/runbooks/reimage.ts';
import { OPEN_GATE } from '../engine/world.ts';

export type FleetWorld = ReturnType<typeof createFleetWorld>;

const LEASE_MS = DEFAULT_TIMING.leaseMs;

/** The reimage runbook over a simulated farm, with an engine that a test drives by hand. */
export function createFleetWorld(
  change: (inventory: Inventory) => Inventory = (same) => same,
  more: Pick<Ports, 'console'> = {},
) {
  const clock = leapingClock();
  const fleet = demoFleet({ clock });
  const secrets: string[] = [];
  const { signal } = new AbortController();
  let inventory = change(simulatedPorts(fleet).inventory.current());
  const simulated = simulatedPorts(fleet, {
    inventory: { current: () => inventory },
    secrets: {
      read: async (name, host) => {
        const secret = `secret ${name} of ${host}`;
        secrets.push(secret);
        return secret;
      },
    },
  });
  const ports: Ports = { ...simulated, ...more };
  const problems: unknown[] = [];
  const engine: Engine = {
    // Commands let time pass within a call, so leases are counted by a clock of their own.
    journal: memoryJournal({ now: clock.now, monotonic: () => 0 }),
    runbooks: new Map([[reimage.name, reimage]]),
    withPorts: (work) => work(ports),
    gate: OPEN_GATE,
    stepLog: memoryStepLog(),
    threads: memoryThreads(),
    bookmarks: memoryBookmarks(),
    redactor: createRedactor(),
    timing: DEFAULT_TIMING,
    now: clock.now,
    monotonic: () => 0,
    report: (problem) => problems.push(problem),
  };

  async function state(ref: OpRef): Promise<OperationState> {
    const folded = foldEntries(ref.op, await engine.journal.read(ref));
    if (folded === undefined) throw new Error(`${ref.op} is not there`);
    return folded;
  }

  /** Attends once; how long until it is due again. */
  async function turn(ref: OpRef, by = engine): Promise<number | null> {
    const attended = await attend(by, ref, { stopping: () => false });
    if (attended === undefined) throw new Error(`nobody could attend to ${ref.op}: ${problems}`);
    return attended.dueInMs;
  }

  const name = (host: string) => HostName.parse(host);
  return {
    fleet,
    ports,
    engine,
    secrets,
    signal,
    name,
    state,
    /** Attends once and lets the time pass until it is due again. */
    async turn(ref: OpRef): Promise<void> {
      clock.advance(Math.max((await turn(ref)) ?? 0, 1));
    },
    async settle(ref: OpRef): Promise<void> {
      while ((await turn(ref)) === 0);
    },
    /** Lets time pass until the operation has ended, asks, or is held. */
    async run(ref: OpRef): Promise<OperationState> {
      for (let turns = 0; turns < 5_000; turns += 1) {
        const dueInMs = await turn(ref);
        const now = await state(ref);
        if (dueInMs === null || now.phase.kind === 'asking') return now;
        clock.advance(Math.max(dueInMs, 1));
      }
      throw new Error(`${ref.op} does not come to an end`);
    },
    async request(host: string): Promise<OpRef> {
      const [input] = reimage.command.toInputs({ targets: [name(host)] }, inventory);
      const plan = await planOperation(reimage, input, ports, signal);
      const ref = { op: newOpId(8), zone: plan.zone };
      await engine.journal.append(ref, {
        by: UserId.parse('ana'),
        seq: 0,
        events: [
          {
            kind: 'requested',
            plan,
            command: `reimage ${host}`,
            inventory: inventory.revision,
            approvalExpiresAt: clock.now(),
            estimateMs: 0,
            origin: { network: 'console', channel: '#ops' },
          },
        ],
      });
      return ref;
    },
    async answer(ref: OpRef, word: string): Promise<void> {
      const { phase } = await state(ref);
      if (phase.kind !== 'asking') throw new Error(`${ref.op} asks nothing: ${phase.kind}`);
      const event = { kind: 'answered', prompt: phase.prompt.id, word } as const;
      await engine.journal.append(ref, { events: [event], by: UserId.parse('ben') });
    },
    builder: (host: string) => ports.farm.builder(name(host), signal),
    /** The inventory is another one from now on. */
    reload(changed: (before: Inventory) => Inventory): void {
      inventory = changed(inventory);
    },
    openTokens: () => [...fleet.world().tokens].filter(([, { open }]) => open).map(([key]) => key),
    commandsOf: (host: string) =>
      reimageCommands(host, inventory.images.get(inventory.hosts.get(name(host))?.image as never)),
    timesRun: (host: string, argv: readonly string[]) =>
      fleet.count({ host, kind: 'command', detail: argv.join(' ') }),
    /** A worker calls this method of a port for this operation and is never heard of again. */
    async dieAt(ref: OpRef, port: keyof Ports, method: string, after = 0): Promise<void> {
      const died = Promise.withResolvers<void>();
      const mortal = deadly(ports, port, method, after, died.resolve);
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
  };
}

function reimageCommands(
  host: string,
  image:
    | { readonly postInstall: { readonly commands: readonly (readonly string[])[] } }
    | undefined,
) {
  return (image?.postInstall.commands ?? []).map((argv) =>
    argv.map((word) => word.replaceAll('{host}', host)),
  );
}

/** After so many calls the next one takes its worker with it: it does not happen, and nobody is told. */
function deadly(
  ports: Ports,
  port: keyof Ports,
  method: string,
  after: number,
  died: () => void,
): Ports {
  let calls = 0;
  const mortal = new Proxy(ports[port] as object, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (key !== method || typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        calls += 1;
        if (calls <= after) return value.apply(target, args);
        died();
        return new Promise(() => undefined);
      };
    },
  });
  return { ...ports, [port]: mortal };
}

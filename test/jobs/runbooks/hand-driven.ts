import type { LeapingClock } from '../../../src/adapters/simulated/fleet/leaping-clock.ts';
import { newOpId, UserId } from '../../../src/domain/ids.ts';
import { attend } from '../../../src/jobs/engine/attend.ts';
import { DEFAULT_TIMING, type Engine } from '../../../src/jobs/engine/engine.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import { foldEntries } from '../../../src/jobs/model/fold.ts';
import type { Plan } from '../../../src/jobs/model/plan.ts';
import type { Runbook } from '../../../src/jobs/model/runbook.ts';
import type { OperationState } from '../../../src/jobs/model/state.ts';
import type { Ports } from '../../../src/jobs/ports/ports.ts';
import { memoryEngine } from '../engine/memory-engine.ts';
import { type DeathAt, deadly } from './deadly.ts';

export interface HandDrivenOptions {
  readonly runbook: Runbook;
  readonly ports: Ports;
  readonly clock: LeapingClock;
  readonly gate?: Engine['gate'];
}

/** An engine in memory that a test drives by hand: its clock's time passes from turn to turn. */
export function handDriven({ runbook, ports, clock, gate }: HandDrivenOptions) {
  const { engine, problems } = memoryEngine(
    // Commands let time pass within a call, so leases are counted by a clock of their own.
    { runbook, ports, now: clock.now, monotonic: () => 0 },
    { ...(gate && { gate }) },
  );

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

  const passUntilDue = (dueInMs: number | null) => clock.advance(Math.max(dueInMs ?? 0, 1));

  return {
    engine,
    problems,
    state,
    turn,
    passUntilDue,
    async request(plan: Plan, command: string): Promise<OpRef> {
      const ref = { op: newOpId(8), zone: plan.zone };
      await engine.journal.append(ref, {
        by: UserId.parse('ana'),
        seq: 0,
        events: [
          {
            kind: 'requested',
            plan,
            command,
            inventory: ports.inventory.current().revision,
            approvalExpiresAt: clock.now(),
            estimateMs: 0,
            origin: { network: 'console', channel: '#ops' },
          },
        ],
      });
      return ref;
    },
    /** Lets time pass until it has ended, asks, is held, or has come to a step. */
    async run(ref: OpRef, until?: string): Promise<OperationState> {
      for (let turns = 0; turns < 5_000; turns += 1) {
        const dueInMs = await turn(ref);
        const now = await state(ref);
        if (dueInMs === null || now.phase.kind === 'asking') return now;
        if (until !== undefined && now.current?.step === until) return now;
        passUntilDue(dueInMs);
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
          passUntilDue(due);
        }
      })();
      await Promise.race([died.promise, dying]);
      clock.advance(DEFAULT_TIMING.leaseMs + 1);
    },
  };
}

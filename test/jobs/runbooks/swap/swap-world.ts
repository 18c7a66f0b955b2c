import {
  putRecords,
  recordsOf,
  shownBy,
  type ZoneWorld,
} from '../../../../src/adapters/simulated/dns/zone-world.ts';
import { leapingClock } from '../../../../src/adapters/simulated/fleet/leaping-clock.ts';
import { renderLines } from '../../../../src/bot/narrator/render-lines.ts';
import { tell } from '../../../../src/bot/narrator/tell.ts';
import { HostName } from '../../../../src/domain/ids.ts';
import { planOperation } from '../../../../src/jobs/engine/plan-operation.ts';
import type { OpRef } from '../../../../src/jobs/journal/journal.ts';
import { foldEntry } from '../../../../src/jobs/model/fold.ts';
import type { OperationState } from '../../../../src/jobs/model/state.ts';
import swap from '../../../../src/jobs/runbooks/swap.ts';
import { OPEN_GATE } from '../../engine/gates.ts';
import { handDriven } from '../hand-driven.ts';
import { pairInventory } from './pair-inventory.ts';
import { NAME_OF_PAIR, pairPorts } from './pair-ports.ts';

export type SwapWorld = ReturnType<typeof createSwapWorld>;

const NAME = NAME_OF_PAIR;

/** The pair over a simulated fleet and simulated DNS servers, with an engine that a test drives by hand. */
export function createSwapWorld(...said: readonly string[]) {
  const clock = leapingClock();
  const inventory = pairInventory(...said);
  const { fleet, zone, storage, ports } = pairPorts(clock, { current: () => inventory });
  const { signal } = new AbortController();
  const gate = { ...OPEN_GATE, planHolds };
  const driven = handDriven({ runbook: swap, ports, clock, gate });
  const { engine } = driven;

  async function planHolds({ request }: OperationState) {
    try {
      const now = await planOperation(swap, request.plan.input, ports, signal);
      if (now.digest === request.plan.digest) return { kind: 'yes' } as const;
      return { kind: 'no', because: 'the plan is another one now than was approved' } as const;
    } catch (problem) {
      return { kind: 'unavailable', because: String(problem) } as const;
    }
  }

  const host = (name: string) => HostName.parse(name);
  const isUp = (name: string) => fleet.host(name).state !== 'off';
  const runs = (name: string) => isUp(name) && fleet.host(name).system.services.has('scheduler');

  const plan = (line: object = {}) =>
    planOperation(
      swap,
      { service: 'compute', update: true, anytime: false, ...line },
      ports,
      signal,
    );

  return {
    ...driven,
    clock,
    fleet,
    ports,
    signal,
    storage,
    zone,
    host,
    plan,
    request: async (line?: object) => driven.request(await plan(line), 'swap compute'),
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

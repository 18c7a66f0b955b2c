import { demoFleet } from '../../../src/adapters/simulated/fleet/demo-fleet.ts';
import { leapingClock } from '../../../src/adapters/simulated/fleet/leaping-clock.ts';
import { simulatedPorts } from '../../../src/adapters/simulated/simulated-ports.ts';
import { HostName } from '../../../src/domain/ids.ts';
import type { Inventory } from '../../../src/domain/inventory.ts';
import { planOperation } from '../../../src/jobs/engine/plan-operation.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import type { Ports } from '../../../src/jobs/ports/ports.ts';
import reimage from '../../../src/jobs/runbooks/reimage.ts';
import { handDriven } from './hand-driven.ts';

export type FleetWorld = ReturnType<typeof createFleetWorld>;

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
  const driven = handDriven({ runbook: reimage, ports, clock });
  const { turn } = driven;

  const name = (host: string) => HostName.parse(host);
  return {
    ...driven,
    fleet,
    ports,
    secrets,
    signal,
    name,
    /** Attends once and lets the time pass until it is due again. */
    turn: async (ref: OpRef) => driven.passUntilDue(await turn(ref)),
    async settle(ref: OpRef): Promise<void> {
      while ((await turn(ref)) === 0);
    },
    async request(host: string): Promise<OpRef> {
      const [input] = reimage.command.toInputs({ targets: [name(host)] }, inventory);
      const plan = await planOperation(reimage, input, ports, signal);
      return driven.request(plan, `reimage ${host}`);
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

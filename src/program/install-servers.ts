import { parsePart } from '../adapters/config/read-part.ts';
import type { DriverSettings } from '../adapters/config/settings.ts';
import { InstallServerConfig } from '../adapters/infra/install-server/install-server-config.ts';
import { startInstallServer } from '../adapters/web/install-server/start-install-server.ts';
import type { Duty } from '../bot/duties/hold-duty.ts';
import type { OpId, ZoneName } from '../domain/ids.ts';
import { foldEntries } from '../jobs/model/fold.ts';
import type { Program } from './program.ts';

/** One for each zone whose installers report to a server of ours. */
export function installServers(program: Program): readonly Duty[] {
  const { zones } = program.configuration.settings;
  return [...zones].flatMap(([zone, { drivers }]) => {
    const reports = drivers.get('reports');
    if (reports?.product !== 'install-server') return [];
    return { name: `serve installers of ${zone}`, begin: () => serve(program, zone, reports) };
  });
}

async function serve(
  program: Program,
  zone: ZoneName,
  { config }: DriverSettings,
): Promise<() => Promise<void>> {
  const server = await startInstallServer({
    config: parsePart(config, InstallServerConfig),
    tokens: program.installTokens(zone),
    inventory: { current: () => program.configuration.inventory },
    log: (message) => program.log('warn', `install server of ${zone}: ${message}`),
    hasEnded: (op) => hasEnded(program, op),
  });
  return () => server.close();
}

/** An operation that is not there has none either. What the store cannot say is thrown. */
async function hasEnded({ journal }: Program, op: OpId): Promise<boolean> {
  const ref = await journal.find(op);
  const state = ref && foldEntries(op, await journal.read(ref));
  return state === undefined || state.phase.kind === 'ended';
}

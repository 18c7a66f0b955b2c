import { parsePart } from '../adapters/config/read-part.ts';
import { InstallServerConfig } from '../adapters/infra/install-server/install-server-config.ts';
import { startInstallServer } from '../adapters/web/install-server/start-install-server.ts';
import type { OpId } from '../domain/ids.ts';
import { foldEntries } from '../jobs/model/fold.ts';
import type { Program } from './program.ts';

/** One for each zone whose installers report to a server of ours. What stops each is added as soon as it runs. */
export async function startInstallServers(
  program: Program,
  stops: (() => Promise<void>)[],
): Promise<void> {
  const { settings } = program.configuration;
  for (const [zone, { drivers }] of settings.zones) {
    const reports = drivers.get('reports');
    if (reports?.product !== 'install-server') continue;
    const server = await startInstallServer({
      config: parsePart(reports.config, InstallServerConfig),
      tokens: program.installTokens(zone),
      inventory: { current: () => program.configuration.inventory },
      log: (message) => program.log('warn', `install server of ${zone}: ${message}`),
      hasEnded: (op) => hasEnded(program, op),
    });
    stops.push(() => server.close());
  }
}

/** An operation that is not there has none either. What the store cannot say is thrown. */
async function hasEnded({ journal }: Program, op: OpId): Promise<boolean> {
  const ref = await journal.find(op);
  const state = ref && foldEntries(op, await journal.read(ref));
  return state === undefined || state.phase.kind === 'ended';
}

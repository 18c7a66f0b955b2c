import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../../src/adapters/store/store.ts';
import { runbookCommand } from '../../src/bot/runbook-command.ts';
import type { Runbook } from '../../src/jobs/model/runbook.ts';
import type { BuildFarmReads } from '../../src/jobs/ports/build-farm.ts';
import type { Ports } from '../../src/jobs/ports/ports.ts';
import { openProgram, type Program } from '../../src/program/program.ts';
import { writeSite } from './write-site.ts';

interface SiteOptions {
  readonly store: Store;
  /** Besides those of the program. */
  readonly runbook?: Runbook;
}

/** The program as it starts for a site of so many hosts, with a build system that answers at once. */
export async function openSite({
  hosts,
  ...options
}: SiteOptions & { readonly hosts: number }): Promise<Program> {
  const folder = await writeSite({ hosts, listed: 'as ranges' });
  const program = await openSiteIn(folder, options);
  return {
    ...program,
    async close() {
      await program.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same for a site that is written already, which other processes may have open as well. */
export async function openSiteIn(
  folder: string,
  { store, runbook }: SiteOptions,
): Promise<Program> {
  const program = await openProgram({
    configPath: join(folder, 'signalbox.yaml'),
    openStore: async () => store,
    env: {},
    // Of jobs whose worker was killed on purpose it is warned.
    log: (level, message) => {
      if (level === 'error') process.stderr.write(`${message}\n`);
    },
  });
  const { runbooks, commands } = program.definitions;
  return {
    ...program,
    definitions: {
      ...program.definitions,
      runbooks: new Map([...runbooks, ...(runbook ? [[runbook.name, runbook] as const] : [])]),
      commands: new Map([
        ...commands,
        ...(runbook ? [[runbook.name, runbookCommand(runbook)] as const] : []),
      ]),
    },
    zone(name) {
      const zone = program.zone(name);
      return { ...zone, ports: { ...zone.ports, farm: FARM as Ports['farm'] } };
    },
  };
}

/** A tenth of the farm is away, as where builders are reinstalled all the time. */
const FARM: Pick<BuildFarmReads, 'outOfService'> = {
  outOfService: async (hosts) => hosts.filter((_, place) => place % 10 === 9),
};

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfiguration } from '../../src/adapters/config/load-configuration.ts';
import type { Rounds } from '../report/figure.ts';
import { effort } from '../site/effort.ts';
import { type SiteShape, writeSite } from '../site/write-site.ts';

const HOSTS = 10_000;
const ROUNDS = effort(7, 2);

/** The first load of a process counts as well: that is the one somebody waits for. */
export default async function loadManyHosts(): Promise<readonly Rounds[]> {
  return [await measured('one by one'), await measured('as ranges')];
}

async function measured(listed: SiteShape['listed']): Promise<Rounds> {
  return {
    name: `load a configuration of 10,000 hosts, listed ${listed}`,
    unit: 's',
    ours: await roundsOf(listed),
    goal: { of: 'ours', is: 'under', than: 1 },
  };
}

async function roundsOf(listed: SiteShape['listed']): Promise<readonly number[]> {
  const folder = await writeSite({ hosts: HOSTS, listed });
  const seconds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    const { inventory } = await loadConfiguration(join(folder, 'signalbox.yaml'));
    seconds.push((performance.now() - began) / 1_000);
    if (inventory.hosts.size !== HOSTS) throw new Error(`${inventory.hosts.size} hosts were read`);
  }
  await rm(folder, { recursive: true });
  return seconds;
}

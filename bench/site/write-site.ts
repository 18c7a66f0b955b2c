import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const POOLS = 10;

export interface SiteShape {
  readonly hosts: number;
  /** Whether the inventory has a range for each pool, or an entry for each host. */
  readonly listed: 'as ranges' | 'one by one';
}

/** Writes the configuration of a site with ten pools, and gives its folder. */
export async function writeSite(shape: SiteShape): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
  await writeFile(join(folder, 'signalbox.yaml'), SETTINGS);
  await writeFile(join(folder, 'people.yaml'), PEOPLE);
  await writeFile(join(folder, 'inventory.yaml'), inventory(shape));
  return folder;
}

/** `builder-3-0042`: the hosts of a site, pool after pool. */
export function hostNames(hosts: number): readonly string[] {
  return poolsOf(hosts).flatMap(({ pool, members }) => members.map((host) => `${pool}-${host}`));
}

const SETTINGS = `name: bench
inventory: inventory.yaml
directory: { file: people.yaml }
channels:
  - { network: console, channel: "#ops", watches: "*" }
rules:
  - allow: ["*"]
    to: [sysadmins]
    approvals: { destructive: { count: 1, from: [sysadmins] } }
  - allow: ["*"]
    to: [root]
`;

/** Ana asks and ben approves; nobody has to approve what rik asks for. */
const PEOPLE = `groups:
  sysadmins: [ana, ben]
  root: [rik]
people:
  ana: { console: ana }
  ben: { console: ben }
  rik: { console: rik }
`;

function inventory({ hosts, listed }: SiteShape): string {
  const pools = poolsOf(hosts);
  return [
    'defaults: { zone: staging, environment: staging, architecture: x86_64, ssh: { user: root } }',
    'images:',
    '  f43-builder: { versions: [2026.11.18], architectures: [x86_64], kinds: [metal] }',
    'pools:',
    ...pools.map(({ pool }) => `  ${pool}: { max-unavailable: 50% }`),
    'hosts:',
    ...pools.flatMap((pool) => (listed === 'as ranges' ? range(pool) : entries(pool))),
    '',
  ].join('\n');
}

interface PoolOfSite {
  readonly pool: string;
  readonly members: readonly string[];
}

function poolsOf(hosts: number): readonly PoolOfSite[] {
  const members = Array.from({ length: hosts / POOLS }, (_, at) => String(at + 1).padStart(4, '0'));
  return Array.from({ length: POOLS }, (_, at) => ({ pool: `builder-${at}`, members }));
}

function range({ pool, members }: PoolOfSite): string[] {
  const hosts = `${pool}-[${members[0]}-${members.at(-1)}]`;
  return [`  ${hosts}: { pool: ${pool}, image: f43-builder, address: "{host}.example.org" }`];
}

function entries({ pool, members }: PoolOfSite): string[] {
  return members.flatMap((member) => [
    `  ${pool}-${member}:`,
    `    pool: ${pool}`,
    '    image: f43-builder',
    `    address: ${pool}-${member}.example.org`,
    `    rack: r${member.slice(0, 2)}`,
  ]);
}

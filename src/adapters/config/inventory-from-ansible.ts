import { stringify } from 'yaml';
import { HostName, PoolName } from '../../domain/ids.ts';
import { ansibleIni } from './ansible-ini.ts';
import type { AnsibleHost, AnsibleInventory } from './ansible-inventory.ts';
import { ansibleYaml } from './ansible-yaml.ts';
import { configFile } from './config-file.ts';
import { findCycles } from './find-cycles.ts';
import { ConfigError } from './problem.ts';

/**
 * Our inventory from Ansible's: the JSON of `ansible-inventory --list`, or a file in the INI or YAML form. The first
 * group that lists a host becomes its pool. Throws a ConfigError that names the lines which cannot be read.
 */
export function inventoryFromAnsible(name: string, text: string): string {
  const ansible = isYaml(text) ? ansibleYaml(configFile(name, text)) : ansibleIni(name, text);
  refuseCircles(name, ansible);
  const hosts = ansible.problems.length > 0 ? [] : [...ansible.hosts];
  const entries = hosts.map(([host, known]) => [host, hostEntry(host, known, ansible)] as const);
  if (ansible.problems.length > 0) throw new ConfigError(ansible.problems);
  const pools = new Set(entries.flatMap(([, { pool }]) => (pool === undefined ? [] : [pool])));
  const inventory = {
    defaults: { zone: 'production' },
    ...(pools.size > 0 && { pools: oneAtATime(pools) }),
    hosts: Object.fromEntries(entries),
  };
  return `${remarks(name, ansible).join('\n')}\n${stringify(inventory)}`;
}

function isYaml(text: string): boolean {
  const first = text.split('\n').find((line) => !/^\s*(?:[#;].*)?$/.test(line)) ?? '';
  return /^(?:---|\{|["']?[\w.-]+["']?:(?:\s|$))/.test(first);
}

function refuseCircles(file: string, { groups, problems }: AnsibleInventory): void {
  const childrenOf = (group: string) => [...(groups.get(group)?.children ?? [])];
  for (const circle of findCycles([...groups.keys()], childrenOf)) {
    const message = `a group is its own child: ${circle.join(' has ')}`;
    const next = 'take one of them out of the circle';
    problems.push({ file, line: 1, column: 1, path: [], message, next });
  }
}

interface HostText {
  readonly pool?: string;
  readonly address?: string;
  readonly ssh?: Readonly<Record<string, string | number | boolean>>;
}

function hostEntry(name: string, host: AnsibleHost, ansible: AnsibleInventory): HostText {
  const refuse = (message: string, next: string) =>
    ansible.problems.push(host.complain(message, next));
  if (!HostName.safeParse(name).success) {
    refuse(`"${name}" cannot be the name of a host`, 'rename it to one such as web-01.example.org');
  }
  const vars = variablesOf(name, host, ansible);
  for (const key of TAKEN) {
    if (!/\{\{/.test(String(vars.get(key)))) continue;
    refuse(`${key} of "${name}" is a template`, 'give it the output of "ansible-inventory --list"');
  }
  const pool = groupsOf(name, ansible)[0]?.toLowerCase();
  if (pool !== undefined && !PoolName.safeParse(pool).success) {
    refuse(`group "${pool}" of "${name}" cannot be the name of a pool`, 'rename the group');
  }
  return hostText(pool, vars, refuse);
}

const TAKEN = ['ansible_host', 'ansible_port', 'ansible_user', 'ansible_become'];

function hostText(
  pool: string | undefined,
  vars: ReadonlyMap<string, unknown>,
  refuse: (message: string, next: string) => void,
): HostText {
  const [address, port, user, become] = TAKEN.map((key) => vars.get(key));
  if (port !== undefined && !/^[1-9]\d{0,4}$/.test(String(port))) {
    refuse(`ansible_port is "${port}"`, 'write a port from 1 to 65535');
  }
  const ssh = {
    ...(user !== undefined && { user: String(user) }),
    ...(port !== undefined && { port: Number(port) }),
    ...(/^(?:true|yes|1)$/i.test(String(become)) && { sudo: true }),
  };
  return {
    ...(pool !== undefined && { pool }),
    ...(address !== undefined && { address: String(address) }),
    ...(Object.keys(ssh).length > 0 && { ssh }),
  };
}

/** The groups that list the host themselves, in the order of the file. */
function groupsOf(host: string, { groups }: AnsibleInventory): string[] {
  return [...groups]
    .filter(([name, group]) => !['all', 'ungrouped'].includes(name) && group.hosts.has(host))
    .map(([name]) => name);
}

/** A child's variables over its parents', and the host's own over all of them. */
function variablesOf(name: string, host: AnsibleHost, ansible: AnsibleInventory) {
  const holds = (group: string): boolean => {
    const { hosts, children } = ansible.groups.get(group) ?? { hosts: new Set(), children: [] };
    return group === 'all' || hosts.has(name) || [...children].some(holds);
  };
  const outermostFirst = [...ansible.groups.keys()]
    .filter(holds)
    .sort((a, b) => depthOf(a, ansible) - depthOf(b, ansible));
  const vars = outermostFirst.flatMap((group) => [...(ansible.groups.get(group)?.vars ?? [])]);
  return new Map([...vars, ...host.vars]);
}

function depthOf(group: string, ansible: AnsibleInventory): number {
  if (group === 'all') return 0;
  const parents = [...ansible.groups].filter(([, { children }]) => children.has(group));
  return 1 + Math.max(0, ...parents.map(([parent]) => depthOf(parent, ansible)));
}

function oneAtATime(pools: ReadonlySet<string>) {
  return Object.fromEntries([...pools].map((pool) => [pool, { 'max-unavailable': 1 }]));
}

/** What a person has to know, since it is lost on the way. */
function remarks(file: string, ansible: AnsibleInventory): string[] {
  return [
    `# Made from ${file}. Zone and pools are a first guess: "signalbox check" says what is missing.`,
    ...[...ansible.hosts.keys()].flatMap((host) => {
      const [pool, ...others] = groupsOf(host, ansible);
      return others.length === 0
        ? []
        : [`# ${host} is in pool ${pool}, and in Ansible also in ${others.join(', ')}.`];
    }),
    ...[...leftBehind(ansible)].map((key) => `# Not taken over: ${key}.`),
  ];
}

function leftBehind({ hosts, groups }: AnsibleInventory): Set<string> {
  const keys = [...hosts.values(), ...groups.values()].flatMap(({ vars }) => [...vars.keys()]);
  return new Set(keys.filter((key) => key.startsWith('ansible_') && !TAKEN.includes(key)));
}

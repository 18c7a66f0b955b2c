import type { Problem } from './problem.ts';

/** Where something of an Ansible inventory stands, so that it can be complained about. */
export type Complain = (message: string, next: string) => Problem;

export interface AnsibleHost {
  readonly complain: Complain;
  readonly vars: Map<string, unknown>;
}

export interface AnsibleGroup {
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  readonly vars: Map<string, unknown>;
}

/** What the three forms of an Ansible inventory have in common. */
export interface AnsibleInventory {
  readonly hosts: Map<string, AnsibleHost>;
  readonly groups: Map<string, AnsibleGroup>;
  readonly problems: Problem[];
}

export function emptyAnsibleInventory(): AnsibleInventory {
  return { hosts: new Map(), groups: new Map(), problems: [] };
}

export function groupNamed({ groups }: AnsibleInventory, name: string): AnsibleGroup {
  const group = groups.get(name) ?? { hosts: new Set(), children: new Set(), vars: new Map() };
  groups.set(name, group);
  return group;
}

/** Adds a host, or all hosts of a range, to a group; variables said again replace those said before. */
export function addHosts(
  inventory: AnsibleInventory,
  { pattern, group, vars, complain }: AddedHosts,
): void {
  for (const name of ansibleRange(pattern)) {
    const host = inventory.hosts.get(name) ?? { complain, vars: new Map() };
    for (const [key, value] of vars) host.vars.set(key, value);
    inventory.hosts.set(name, host);
    if (group !== undefined) groupNamed(inventory, group).hosts.add(name);
  }
}

interface AddedHosts {
  readonly pattern: string;
  readonly group: string | undefined;
  readonly vars: Iterable<readonly [string, unknown]>;
  readonly complain: Complain;
}

const RANGE = /^(.*?)\[([0-9]+|[a-z]):([0-9]+|[a-z])(?::([1-9][0-9]*))?\](.*)$/;
const LARGEST = 20_000;

/** `web[01:10]`, `db-[a:f]` and `node[0:20:5]`, as Ansible reads them. What is no range stands for itself. */
function ansibleRange(pattern: string): string[] {
  const [, before, first, last, stride = '1', after = ''] = pattern.match(RANGE) ?? [];
  if (before === undefined || first === undefined || last === undefined) return [pattern];
  return between(first, last, Number(stride)).flatMap((middle) =>
    ansibleRange(after).map((end) => `${before}${middle}${end}`),
  );
}

function between(first: string, last: string, stride: number): string[] {
  const isNumber = /^\d/.test(first);
  const start = isNumber ? Number(first) : first.charCodeAt(0);
  const end = isNumber ? Number(last) : last.charCodeAt(0);
  const count = Math.floor((end - start) / stride) + 1;
  if (!(count >= 1 && count <= LARGEST)) return [`[${first}:${last}]`];
  const width = first.startsWith('0') ? first.length : 1;
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * stride;
    return isNumber ? String(at).padStart(width, '0') : String.fromCharCode(at);
  });
}

import {
  type AnsibleInventory,
  addHosts,
  type Complain,
  emptyAnsibleInventory,
  groupNamed,
} from './ansible-inventory.ts';

interface Section {
  readonly group: string | undefined;
  readonly kind: 'hosts' | 'children' | 'vars';
}

/** Ansible's INI form: hosts under [group], with [group:children] and [group:vars]. */
export function ansibleIni(file: string, text: string): AnsibleInventory {
  const inventory = emptyAnsibleInventory();
  let section: Section = { group: undefined, kind: 'hosts' };
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || /^[#;]/.test(line)) continue;
    const complain = complainAt(file, index + 1, raw.search(/\S/) + 1);
    if (line.startsWith('[')) section = readHeader(inventory, line, complain) ?? section;
    else readLine(inventory, section, { line: withoutComment(line), complain });
  }
  return inventory;
}

function complainAt(file: string, line: number, column: number): Complain {
  return (message, next) => ({ file, line, column, path: [], message, next });
}

function readHeader(
  inventory: AnsibleInventory,
  line: string,
  complain: Complain,
): Section | undefined {
  const [, group, kind = 'hosts'] =
    line.match(/^\[([^\]:\s]+)(?::(children|vars))?\]\s*(?:[#;].*)?$/) ?? [];
  if (group !== undefined) {
    groupNamed(inventory, group);
    return { group, kind: kind as Section['kind'] };
  }
  const next = 'write [group], [group:children] or [group:vars]';
  inventory.problems.push(complain(`"${line}" is not a header of an Ansible inventory`, next));
  return undefined;
}

interface Line {
  readonly line: string;
  readonly complain: Complain;
}

function readLine(inventory: AnsibleInventory, { group, kind }: Section, said: Line): void {
  if (kind === 'hosts') readHost(inventory, group, said);
  else if (group === undefined) return;
  else if (kind === 'vars') readVariable(inventory, group, said);
  else if (/^\S+$/.test(said.line)) addChild(inventory, group, said.line);
  else inventory.problems.push(unreadable(said, 'write one group a line'));
}

function addChild(inventory: AnsibleInventory, group: string, child: string): void {
  groupNamed(inventory, child);
  groupNamed(inventory, group).children.add(child);
}

function readVariable(inventory: AnsibleInventory, group: string, said: Line): void {
  const [, key, value] = said.line.match(/^(\w+)\s*=\s*(.*)$/) ?? [];
  if (key === undefined) inventory.problems.push(unreadable(said, 'write it as name=value'));
  else groupNamed(inventory, group).vars.set(key, unquoted(value ?? ''));
}

function readHost(inventory: AnsibleInventory, group: string | undefined, said: Line): void {
  const [first = '', ...rest] = said.line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  const vars = rest.map((word) => word.match(/^(\w+)=(.*)$/));
  if (vars.includes(null) || wasCut(said.line, [first, ...rest])) {
    inventory.problems.push(
      unreadable(said, 'write a host and then name=value, with quotes closed'),
    );
    return;
  }
  const [, pattern = first, port] = first.match(/^([^:]+(?:\[[^\]]*\][^:]*)*):(\d+)$/) ?? [];
  const pairs = vars.map((match): [string, unknown] => [
    match?.[1] ?? '',
    unquoted(match?.[2] ?? ''),
  ]);
  if (port !== undefined) pairs.unshift(['ansible_port', port]);
  addHosts(inventory, { pattern, group, vars: pairs, complain: said.complain });
}

/** A quote that nobody closed belongs to no word. */
function wasCut(line: string, words: readonly string[]): boolean {
  return line.replace(/\s+/g, '') !== words.join('').replace(/\s+/g, '');
}

function withoutComment(line: string): string {
  return line.replace(/\s+#[^"']*$/, '');
}

function unquoted(value: string): string {
  return value.trim().replace(/^(["'])(.*)\1$/, '$2');
}

function unreadable({ line, complain }: Line, next: string) {
  return complain(`"${line}" cannot be read as Ansible's INI`, next);
}

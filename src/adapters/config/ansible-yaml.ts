import {
  type AnsibleInventory,
  addHosts,
  type Complain,
  emptyAnsibleInventory,
  groupNamed,
} from './ansible-inventory.ts';
import type { ConfigFile } from './config-file.ts';
import { type ConfigPart, entriesOf, inside, problemOf, wholeOf } from './config-part.ts';
import { didYouMean } from './did-you-mean.ts';

const GROUP_KEYS = ['hosts', 'children', 'vars'];

/** Ansible's YAML form, and the JSON of `ansible-inventory --list`, which is the same with lists for maps. */
export function ansibleYaml(file: ConfigFile): AnsibleInventory {
  const inventory = emptyAnsibleInventory();
  inventory.problems.push(...file.problems);
  const whole = wholeOf(file);
  if (file.problems.length === 0 && entriesOf(whole).length === 0) {
    const next = 'give it the output of "ansible-inventory --list"';
    inventory.problems.push(problemOf(whole, { message: 'no group of Ansible is in it', next }));
  }
  for (const { key, part } of entriesOf(whole)) {
    if (key !== '_meta') readGroup(inventory, key, part);
  }
  readHostVariables(inventory, inside(whole, '_meta', 'hostvars'));
  return inventory;
}

function readGroup(inventory: AnsibleInventory, name: string, part: ConfigPart): void {
  const group = groupNamed(inventory, name);
  refuseOtherKeys(inventory, part);
  for (const { key, part: value } of entriesOf(inside(part, 'vars'))) {
    group.vars.set(key, value.value);
  }
  for (const { name: pattern, part: host } of membersOf(inside(part, 'hosts'))) {
    const complain = complainAbout(host);
    addHosts(inventory, { pattern, group: name, vars: variablesOf(host), complain });
  }
  for (const { name: child, part: inner } of membersOf(inside(part, 'children'))) {
    group.children.add(child);
    if (typeof inner.value === 'string') groupNamed(inventory, child);
    else readGroup(inventory, child, inner);
  }
}

function refuseOtherKeys(inventory: AnsibleInventory, part: ConfigPart): void {
  for (const { key, part: inner } of entriesOf(part)) {
    if (GROUP_KEYS.includes(key)) continue;
    const next = didYouMean(key, GROUP_KEYS) ?? 'put it under hosts, children or vars';
    const message = `"${key}" is not part of a group of Ansible`;
    inventory.problems.push(
      problemOf(inner, { at: 'key', message, expected: 'hosts, children or vars', next }),
    );
  }
}

/** Members as the keys of a map, or as a list of names. */
function membersOf(part: ConfigPart): { name: string; part: ConfigPart }[] {
  if (!Array.isArray(part.value)) {
    return entriesOf(part).map(({ key, part: inner }) => ({ name: key, part: inner }));
  }
  return part.value.map((name, index) => ({ name: String(name), part: inside(part, index) }));
}

function variablesOf(host: ConfigPart): [string, unknown][] {
  return typeof host.value === 'string'
    ? []
    : entriesOf(host).map(({ key, part }) => [key, part.value]);
}

function readHostVariables(inventory: AnsibleInventory, hostvars: ConfigPart): void {
  for (const { key, part } of entriesOf(hostvars)) {
    const complain = complainAbout(part);
    addHosts(inventory, { pattern: key, group: undefined, vars: variablesOf(part), complain });
  }
}

function complainAbout(part: ConfigPart): Complain {
  const at = typeof part.value === 'string' ? 'value' : 'key';
  return (message, next) => problemOf(part, { at, message, next });
}

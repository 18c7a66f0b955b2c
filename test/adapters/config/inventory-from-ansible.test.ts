import { describe, expect, test } from 'vitest';
import { buildInventory } from '../../../src/adapters/config/build-inventory.ts';
import { configFile } from '../../../src/adapters/config/config-file.ts';
import { inventoryFromAnsible } from '../../../src/adapters/config/inventory-from-ansible.ts';
import { ConfigError } from '../../../src/adapters/config/problem.ts';
import type { Host } from '../../../src/domain/inventory.ts';

const ini = `# our hosts
gate.example.org

[web]
web[01:02].example.org ansible_user=deploy  ; no such comment=1
db-[a:b] ansible_host=10.0.0.5 ansible_port=2222

[builders]
node[0:4:2]:2200 ansible_ssh_common_args='-o ProxyJump=gate'
db-a

[farm:children]
builders

[farm:vars]
ansible_user = farmer
ansible_become=yes

[builders:vars]
ansible_user=builder
`;

const yaml = `---
all:
  hosts:
    gate.example.org:
  vars:
    ansible_user: everybody
  children:
    web:
      hosts:
        web[01:02].example.org:
          ansible_user: deploy
    farm:
      vars: { ansible_become: true }
      children:
        builders:
          hosts: { node0: { ansible_port: 2200 } }
`;

const json = JSON.stringify(
  {
    _meta: { hostvars: { web1: { ansible_host: '10.0.0.1', ansible_port: 2200, colour: 'red' } } },
    all: { children: ['ungrouped', 'web'] },
    ungrouped: { hosts: ['gate'] },
    web: { hosts: ['web1', 'web2'] },
  },
  undefined,
  4,
);

function converted(text: string) {
  const made = inventoryFromAnsible('hosts', text);
  const built = buildInventory([configFile('inventory.yaml', made)]);
  if (built.kind === 'refused') throw new ConfigError(built.problems);
  const { hosts, pools } = built.inventory;
  return { made, pools, hosts: Object.fromEntries(hosts) as Record<string, Host> };
}

function refusal(text: string): string {
  try {
    return inventoryFromAnsible('hosts', text);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

describe("Ansible's INI", () => {
  const taken = ini.replace('  ; no such comment=1', '');

  test('becomes an inventory that loads, with its first groups as pools', () => {
    const { hosts, pools } = converted(taken);
    expect([...pools.values()].map(({ name, hosts: names }) => [name, names])).toEqual([
      ['web', ['web01.example.org', 'web02.example.org', 'db-a', 'db-b']],
      ['builders', ['node0', 'node2', 'node4']],
    ]);
    expect(hosts['gate.example.org']).toMatchObject({ zone: 'production', ssh: { user: 'root' } });
    expect(hosts['db-b']).toMatchObject({ address: '10.0.0.5', ssh: { port: 2222 } });
  });

  test("takes a child's variables over its parents', and the host's own over all", () => {
    const { hosts } = converted(taken);
    expect(hosts.node2?.ssh).toMatchObject({ user: 'builder', port: 2200, sudo: true });
    expect(hosts['web01.example.org']?.ssh).toMatchObject({ user: 'deploy', sudo: false });
  });

  test('says what is lost on the way', () => {
    const comments = converted(taken)
      .made.split('\n')
      .filter((line) => line.startsWith('#'));
    expect(comments).toEqual([
      '# Made from hosts. Zone and pools are a first guess: "signalbox check" says what is missing.',
      '# db-a is in pool web, and in Ansible also in builders.',
      '# Not taken over: ansible_ssh_common_args.',
    ]);
  });

  test.each([
    [
      'a word that is no variable',
      ini,
      'hosts:5:1: "web[01:02].example.org ansible_user=deploy  ; no such comment=1" cannot be read as Ansible\'s INI; write a host and then name=value, with quotes closed',
    ],
    [
      'a quote that nobody closes',
      '[web]\n  web1 a="b c\n',
      'hosts:2:3: "web1 a="b c" cannot be read as Ansible\'s INI; write a host and then name=value, with quotes closed',
    ],
    [
      'a header of another kind',
      '[web:hosts]\nweb1\n',
      'hosts:1:1: "[web:hosts]" is not a header of an Ansible inventory; write [group], [group:children] or [group:vars]',
    ],
    [
      'a variable without a value',
      '[web:vars]\nansible_user\n',
      'hosts:2:1: "ansible_user" cannot be read as Ansible\'s INI; write it as name=value',
    ],
    [
      'two children on a line',
      '[all:children]\nweb db\n',
      'hosts:2:1: "web db" cannot be read as Ansible\'s INI; write one group a line',
    ],
    [
      'a name that is no host name',
      '[web]\nweb_1\n',
      'hosts:2:1: "web_1" cannot be the name of a host; rename it to one such as web-01.example.org',
    ],
    [
      'a range that runs backwards',
      '[web]\nweb[3:1]\n',
      'hosts:2:1: "web[3:1]" cannot be the name of a host; rename it to one such as web-01.example.org',
    ],
    [
      'a template',
      '[web]\nweb1 ansible_host="{{ ip }}"\n',
      'hosts:2:1: ansible_host of "web1" is a template; give it the output of "ansible-inventory --list"',
    ],
    [
      'a port that is none',
      '[web]\nweb1 ansible_port=ssh\n',
      'hosts:2:1: ansible_port is "ssh"; write a port from 1 to 65535',
    ],
    [
      'a group that is its own child',
      '[a:children]\nb\n[b:children]\na\n',
      'hosts:1:1: a group is its own child: a has b has a; take one of them out of the circle',
    ],
  ])('is refused with its line for %s', (_, text, message) => {
    expect(refusal(text)).toBe(message);
  });
});

describe("Ansible's YAML", () => {
  test('becomes an inventory that loads', () => {
    const { hosts, pools } = converted(yaml);
    expect([...pools.keys()]).toEqual(['web', 'builders']);
    expect(hosts['web02.example.org']?.ssh.user).toBe('deploy');
    expect(hosts.node0?.ssh).toMatchObject({ user: 'everybody', port: 2200, sudo: true });
    expect(hosts['gate.example.org']).not.toHaveProperty('pool');
  });

  test.each([
    [
      'a key that no group has',
      yaml.replace('  vars:', '  var:'),
      'hosts:5:3: "var" is not part of a group of Ansible; expected hosts, children or vars; did you mean "vars"?',
    ],
    [
      'what is not YAML',
      'all:\n  hosts: [\n',
      'hosts:3:1: not YAML: flow sequence in block collection must be sufficiently indented and end with a ]; correct the YAML there or just before it',
    ],
    [
      'a name that is no host name',
      yaml.replace('node0', 'node_0'),
      'hosts:16:20: "node_0" cannot be the name of a host; rename it to one such as web-01.example.org',
    ],
    [
      'nothing',
      '---\n',
      'hosts:1:4: no group of Ansible is in it; give it the output of "ansible-inventory --list"',
    ],
  ])('is refused with its line for %s', (_, text, message) => {
    expect(refusal(text)).toBe(message);
  });
});

describe('the output of ansible-inventory --list', () => {
  test('becomes an inventory that loads', () => {
    const { hosts, pools } = converted(json);
    expect([...pools.keys()]).toEqual(['web']);
    expect(hosts.web1).toMatchObject({ address: '10.0.0.1', ssh: { port: 2200 } });
    expect(hosts.gate).not.toHaveProperty('pool');
  });

  test('is refused with its line', () => {
    expect(refusal(json.replace('"web2"', '"web 2"'))).toBe(
      'hosts:25:13: "web 2" cannot be the name of a host; rename it to one such as web-01.example.org',
    );
  });
});

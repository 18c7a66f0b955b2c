import { describe, expect, test } from 'vitest';
import { buildInventory } from '../../../src/adapters/config/build-inventory.ts';
import { configFile } from '../../../src/adapters/config/config-file.ts';
import { formatProblem } from '../../../src/adapters/config/problem.ts';
import type { HostName, ImageId, PoolName } from '../../../src/domain/ids.ts';
import type { Inventory } from '../../../src/domain/inventory.ts';

type Texts = Readonly<Record<string, string>>;

function filesOf(texts: Texts) {
  return Object.entries(texts).map(([name, text]) => configFile(name, text));
}

function built(texts: Texts): Inventory {
  const result = buildInventory(filesOf(texts));
  if (result.kind === 'inventory') return result.inventory;
  throw new Error(result.problems.map(formatProblem).join('\n'));
}

function said(texts: Texts): string[] {
  const result = buildInventory(filesOf(texts));
  return result.kind === 'inventory' ? [] : result.problems.map(formatProblem);
}

const host = (name: string) => name as HostName;
const farm = `
defaults: { zone: staging, ssh: { jump: [bastion], user: admin } }
images:
  f43:
    versions: [2026.11.18, 2026.10.01]
    architectures: [x86_64, aarch64]
    kinds: [metal, virtual]
pools:
  builders: { max-unavailable: 10% }
hosts:
  bastion:
  vhost-01: { environment: production }
  builder-[08-11]:
    pool: builders
    hypervisor: vhost-01
    address: "{host}.example.org"
    bmc: "{host}-bmc"
    image: f43
    ssh: { port: 2222 }
`;

describe('an inventory', () => {
  const { hosts, pools, images, revision } = built({ 'a.yaml': farm });

  test('gives every host of a range the same definition with its own name', () => {
    expect(hosts.get(host('builder-09'))).toEqual({
      name: 'builder-09',
      kind: 'virtual',
      address: 'builder-09.example.org',
      pool: 'builders',
      zone: 'staging',
      environment: 'staging',
      architecture: 'x86_64',
      hypervisor: 'vhost-01',
      bmc: 'builder-09-bmc',
      buildName: 'builder-09',
      image: 'f43@2026.11.18',
      disks: [],
      ssh: { port: 2222, user: 'admin', jump: ['bastion'], sudo: false },
    });
    expect(hosts.has(host('builder-10'))).toBe(true);
  });

  test('says of each host by which groups it is reached: its own, or those of its pool, or the defaults', () => {
    const stock = built({
      'a.yaml': `
defaults: { zone: staging, access: [root] }
pools: { web: { access: [web-team] } }
hosts: { gate: , web-01: { pool: web }, web-02: { pool: web, access: [ana-only] } }
`,
    });
    const access = [...stock.hosts.values()].map((one) => one.access);
    expect(access).toEqual([['root'], ['web-team'], ['ana-only']]);
    expect(hosts.get(host('bastion'))?.access).toBeUndefined();
  });

  test('lets what the defaults say stand where a host says nothing', () => {
    expect(hosts.get(host('vhost-01'))).toMatchObject({
      kind: 'metal',
      address: 'vhost-01',
      zone: 'staging',
      environment: 'production',
    });
  });

  test('reaches a jump host of the defaults without going through itself', () => {
    expect(hosts.get(host('bastion'))?.ssh.jump).toEqual([]);
  });

  test('has one image for each version', () => {
    expect([...images.keys()]).toEqual(['f43@2026.11.18', 'f43@2026.10.01']);
    expect(images.get('f43@2026.10.01' as ImageId)).toMatchObject({
      name: 'f43',
      version: '2026.10.01',
      postInstall: { files: [], commands: [] },
    });
  });

  test('knows what to look for on the console of an image', () => {
    const patterns = "console: { patterns: [{ match: 'a+ failed', severity: fatal }] }";
    const text = farm.replace('kinds: [metal, virtual]', patterns);
    const { images } = built({ 'a.yaml': text });
    expect(images.get('f43@2026.10.01' as ImageId)?.consolePatterns).toEqual([
      { match: 'a+ failed', severity: 'fatal' },
    ]);
  });

  test('knows how the installer of an image is booted', () => {
    const digest = 'a'.repeat(64);
    const installer = `{
      kind: kickstart,
      kernel: { path: f43/vmlinuz, sha256: "${digest}" },
      initrd: { path: f43/initrd.img, sha256: "${digest}" },
      template: f43.ks,
      repository: "http://mirror.example.org/f43/os/" }`;
    const text = farm.replace('kinds: [metal, virtual]', `installer: ${installer}`);
    expect(built({ 'a.yaml': text }).images.get('f43@2026.10.01' as ImageId)?.installer).toEqual({
      kind: 'kickstart',
      kernel: { path: 'f43/vmlinuz', sha256: digest },
      initrd: { path: 'f43/initrd.img', sha256: digest },
      template: 'f43.ks',
      repository: 'http://mirror.example.org/f43/os/',
      arguments: [],
      restoresBootEntry: false,
    });
  });

  test('knows how guests of a version are made that has a disk', () => {
    const guest = `{
      disks: { 2026.11.18: { path: f43/builder.qcow2, sha256: "${'a'.repeat(64)}" } },
      user-data: "#cloud-config\\n# {nonce} {report-url}\\n" }`;
    const text = farm.replace('kinds: [metal, virtual]', `guest: ${guest}`);
    const { images } = built({ 'a.yaml': text });
    expect(images.get('f43@2026.11.18' as ImageId)?.guest).toEqual({
      disk: { path: 'f43/builder.qcow2', sha256: 'a'.repeat(64) },
      userData: '#cloud-config\n# {nonce} {report-url}\n',
    });
    expect(images.get('f43@2026.10.01' as ImageId)).toBeDefined();
    expect(images.get('f43@2026.10.01' as ImageId)?.guest).toBeUndefined();
  });

  test.each(['../etc/shadow', '/etc/shadow', 'f43/../../x', 'a b', './x', ''])(
    'takes no file outside of the install server, %j',
    (path) => {
      const file = `{ path: ${JSON.stringify(path)}, sha256: "${'a'.repeat(64)}" }`;
      const installer = `{ kind: preseed, kernel: ${file}, initrd: ${file}, template: f43.cfg }`;
      const text = farm.replace('kinds: [metal, virtual]', `installer: ${installer}`);
      expect(said({ 'a.yaml': text }).join()).toContain(
        "expected a file of the install server's folder such as f43/vmlinuz",
      );
    },
  );

  test('names the hosts of a pool', () => {
    const names = ['builder-08', 'builder-09', 'builder-10', 'builder-11'];
    expect(pools.get('builders' as PoolName)?.hosts).toEqual(names);
  });

  test('has a revision that only the contents of its files decide', () => {
    expect(revision).toMatch(/^[0-9a-f]{64}$/);
    expect(built({ 'a.yaml': farm }).revision).toBe(revision);
    expect(built({ 'a.yaml': `${farm}# changed\n` }).revision).not.toBe(revision);
  });

  test('may be spread over files, where the defaults of one are for all', () => {
    const inventory = built({
      'a.yaml': 'defaults: { zone: here }\n',
      'b.yaml': 'hosts: { web: }\n',
    });
    expect(inventory.hosts.get(host('web'))?.zone).toBe('here');
  });
});

describe('a budget in percent', () => {
  test.each([
    ['10%', 4, 1],
    ['50%', 5, 2],
    ['100%', 3, 3],
    ['34%', 3, 1],
  ])('of %s lets %i hosts go down to %i at the same moment', (limit, size, away) => {
    const text = `pools: { p: { max-unavailable: ${limit} } }\nhosts: { "h[1-${size}]": { pool: p, zone: z } }\n`;
    expect(built({ 'a.yaml': text }).pools.get('p' as PoolName)?.maxUnavailable).toBe(away);
  });
});

interface Case {
  readonly good: string;
  readonly bad: string;
  readonly says: string[];
}

const pool = (budget: string, hosts: string) => `pools: { p: ${budget} }\nhosts:\n${hosts}`;
const pair = '  a: { zone: z, pool: p }\n  b: { zone: z, pool: p }\n';
const arm = '  a: { zone: z, pool: p }\n  b: { zone: z, pool: p, architecture: aarch64 }\n';
const third = '  c: { zone: z, pool: p }\n';

const cases: Readonly<Record<string, Case>> = {
  'a host without a zone': {
    good: 'hosts:\n  web: { zone: z }\n',
    bad: 'hosts:\n  web:\n',
    says: [
      'a.yaml:2:3: host "web" has no zone; expected the zone whose workers reach it; add "zone: staging" to it, or to defaults for all hosts',
    ],
  },
  'a budget larger than its pool': {
    good: pool('{ max-unavailable: 2 }', pair),
    bad: pool('{ max-unavailable: 3 }', pair),
    says: [
      'a.yaml:1:32: max-unavailable 3 of pool "p" is more than the pool\'s 2; expected 1 to 2, or a part such as 10%; change it',
    ],
  },
  'a budget that is no number': {
    good: pool('{ max-unavailable: 50% }', pair),
    bad: pool('{ max-unavailable: half }', pair),
    says: [
      'a.yaml:1:32: max-unavailable is "half"; expected a number of hosts such as 2, or a part of the pool such as 10%; correct it',
    ],
  },
  'one host of each architecture where one has to stay': {
    good: pool('{ one-per-architecture: true }', arm + third),
    bad: pool('{ one-per-architecture: true }', arm),
    says: [
      'a.yaml:1:37: one-per-architecture of pool "p" never lets a host go, since each architecture has one host; expected two hosts of at least one architecture; set it to false, or add hosts to the pool',
    ],
  },
  'hosts that overlap in two ranges': {
    good: 'hosts:\n  "w[1-3]": { zone: z }\n  "w[4-6]": { zone: z }\n',
    bad: 'hosts:\n  "w[1-3]": { zone: z }\n  "w[3-4]": { zone: z }\n',
    says: ['a.yaml:3:3: "w3" is already at a.yaml:2; keep one of the two'],
  },
  'an empty inventory': {
    good: 'hosts: { web: { zone: z } }\n',
    bad: '# nothing yet\n',
    says: [
      'a.yaml:1:1: the inventory has no hosts; add a host under hosts, for example "web-01: { zone: staging }"',
    ],
  },
  'a file with both content and secret': {
    good: postInstall('{ path: /a, mode: "0600", owner: root, secret: cert }'),
    bad: postInstall('{ path: /a, mode: "0600", owner: root, secret: cert, content: x }'),
    says: [
      'a.yaml:1:98: files[0] is a map; expected exactly one of content and secret; correct it',
    ],
  },
  'a playbook at what may move': {
    good: playbook('{ file: site.yml, commit: 0123456789abcdef0123456789abcdef01234567 }'),
    bad: playbook('{ file: site.yml, commit: main }'),
    says: [
      'a.yaml:1:125: commit is "main"; expected all 40 digits of a commit; a branch, a tag or a short form may move; correct it',
    ],
  },
  'a playbook outside of its repository': {
    good: playbook('{ file: plays/..site.yaml, commit: 0123456789abcdef0123456789abcdef01234567 }'),
    bad: playbook('{ file: ../site.yml, commit: 0123456789abcdef0123456789abcdef01234567 }'),
    says: [
      'a.yaml:1:107: file is "../site.yml"; expected a playbook by its path in the repository, such as site.yml; correct it',
    ],
  },
  'a playbook without its commit': {
    good: playbook('{ file: site.yml, commit: 0123456789abcdef0123456789abcdef01234567 }'),
    bad: playbook('{ file: site.yml }'),
    says: [
      'a.yaml:1:99: "commit" is missing; expected all 40 digits of a commit; a branch, a tag or a short form may move; add commit',
    ],
  },
  'a disk of a version that there is none of': {
    good: guest({ version: 'v1' }),
    bad: guest({ version: 'v2' }),
    says: [
      'a.yaml:1:93: image "i" has a disk for version "v2" and no such version; expected v1; add the version to versions, or remove the disk',
    ],
  },
  'a guest of an image for metal': {
    good: guest({ kinds: 'metal, virtual' }),
    bad: guest({ kinds: 'metal' }),
    says: [
      'a.yaml:1:73: image "i" is for metal only and says how its guests are made; expected guest only in images for virtual hosts; remove it, or add virtual to kinds',
    ],
  },
  'user-data with which a guest could not report': {
    good: guest({}),
    bad: guest({ userData: '#cloud-config\\n# {nonce}' }),
    says: [
      'a.yaml:1:205: user-data is "#cloud-config\\n# {nonce}"; expected {nonce} and {report-url} in it, with which a new guest reports; correct it',
    ],
  },
  'user-data that cloud-init would not know': {
    good: guest({ userData: '#!/bin/sh\\n# {nonce} {report-url}' }),
    bad: guest({ userData: '{nonce} {report-url}' }),
    says: [
      'a.yaml:1:205: user-data is "{nonce} {report-url}"; expected what cloud-init takes, which begins with a line "#cloud-config" or with "#!"; correct it',
    ],
  },
  'a path that climbs': {
    good: postInstall('{ path: /etc/..a, mode: "0600", owner: root, content: x }'),
    bad: postInstall('{ path: /etc/../a, mode: "0600", owner: root, content: x }'),
    says: [
      'a.yaml:1:106: path is "/etc/../a"; expected a path from the root such as /etc/motd; correct it',
    ],
  },
  'a hypervisor that runs on itself through another': {
    good: 'hosts:\n  a: { zone: z, hypervisor: b }\n  b: { zone: z }\n',
    bad: 'hosts:\n  a: { zone: z, hypervisor: b }\n  b: { zone: z, hypervisor: a }\n',
    says: [
      'a.yaml:2:29: "a" runs on itself: a on b on a; expected a chain of hypervisors that ends at a metal host; take one of them out of the circle',
    ],
  },
  'a build-name that is the name of a neighbour': {
    good: 'hosts:\n  a: { zone: y }\n  b: { zone: z, build-name: a }\n',
    bad: 'hosts:\n  a: { zone: z }\n  b: { zone: z, build-name: a }\n',
    says: [
      'a.yaml:3:29: "b" and "a" both have build-name "a" in zone z; expected a name of its own for each host in the build system; change one of the two; "{host}" stands for the name of the host',
    ],
  },
  'an image by a name that is cut': {
    good: 'images: { f43: { versions: ["1"], architectures: [x86_64] } }\nhosts: { a: { zone: z, image: f43@1 } }\n',
    bad: 'images: { f43: { versions: ["1"], architectures: [x86_64] } }\nhosts: { a: { zone: z, image: f4 } }\n',
    says: ['a.yaml:2:31: unknown image "f4"; expected f43; did you mean "f43"?'],
  },
};

function playbook(entry: string): string {
  return `images: { i: { versions: [v1], architectures: [x86_64], kinds: [metal], post-install: { playbook: ${entry} } } }\nhosts: { a: { zone: z } }\n`;
}

function guest({
  version = 'v1',
  kinds = 'virtual',
  userData = '#cloud-config\\n# {nonce} {report-url}',
}): string {
  const disk = `{ path: a.qcow2, sha256: "${'a'.repeat(64)}" }`;
  const made = `{ disks: { ${version}: ${disk} }, user-data: "${userData}" }`;
  return `images: { i: { versions: [v1], architectures: [x86_64], kinds: [${kinds}], guest: ${made} } }\nhosts: { a: { zone: z } }\n`;
}

function postInstall(file: string): string {
  return `images: { i: { versions: [v1], architectures: [x86_64], kinds: [metal], post-install: { files: [ ${file} ] } } }\nhosts: { a: { zone: z } }\n`;
}

describe('what an inventory refuses', () => {
  test.each(Object.entries(cases))(
    'is %s, and what is right beside it is taken',
    (_, { good, bad, says }) => {
      expect(said({ 'a.yaml': bad })).toEqual(says);
      expect(said({ 'a.yaml': good })).toEqual([]);
    },
  );

  test('is the same host, pool, image or defaults in two files, and the other place is named', () => {
    const first = 'defaults: { zone: z }\npools: { p: }\nhosts: { a: { pool: p } }\n';
    expect(said({ 'one.yaml': first, 'two.yaml': first })).toEqual([
      'two.yaml:1:1: "defaults" is already at one.yaml:1; keep one of the two',
      'two.yaml:2:10: "p" is already at one.yaml:2; keep one of the two',
      'two.yaml:3:10: "a" is already at one.yaml:3; keep one of the two',
    ]);
  });

  test('is said once, where it stands in the defaults of many hosts', () => {
    const text = (jump: string) =>
      `defaults: { zone: z, ssh: { jump: [${jump}] } }\nhosts: { "a[1-9]": , bastion: }\n`;
    expect(said({ 'a.yaml': text('bastian') })).toEqual([
      'a.yaml:1:36: unknown host "bastian"; did you mean "bastion"?',
    ]);
    expect(said({ 'a.yaml': text('bastion') })).toEqual([]);
  });

  test('is a pool in the defaults, which a host outside of pools could not take back', () => {
    expect(said({ 'a.yaml': 'defaults: { zone: z, pool: p }\nhosts: { a: }\n' })).toEqual([
      'a.yaml:1:22: unknown key "pool"; expected zone, environment, architecture, site, disks, ssh or access; remove it',
    ]);
  });
});

describe('ten thousand hosts', () => {
  test('are read without asking where they stand', () => {
    const entry = (index: number) =>
      `  b-${index}:\n    zone: z\n    address: b-${index}.example.org\n`;
    const text = `hosts:\n${Array.from({ length: 10_000 }, (_, index) => entry(index)).join('')}`;
    const [file] = filesOf({ 'a.yaml': text });
    if (file === undefined) throw new Error('no file');
    const position = () => {
      throw new Error('a position was asked for');
    };
    const result = buildInventory([{ ...file, position, problem: position }]);
    expect(result.kind === 'inventory' && result.inventory.hosts.size).toBe(10_000);
  });
});

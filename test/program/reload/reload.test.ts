import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { embeddedStore } from '../../../src/adapters/store/embedded-store.ts';
import { HostName, OpId, UserId, ZoneName } from '../../../src/domain/ids.ts';
import { planOperation } from '../../../src/jobs/engine/plan-operation.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import type { Plan } from '../../../src/jobs/model/plan.ts';
import reimage from '../../../src/jobs/runbooks/reimage.ts';
import { check } from '../../../src/program/check.ts';
import { openProgram, type Program, type ProgramOptions } from '../../../src/program/program.ts';
import { freePort } from '../../free-port.ts';
import { type SiteFiles, siteFiles } from './site-files.ts';

const staging = ZoneName.parse('staging');
const HOST = HostName.parse('builder-02');
const ANA = UserId.parse('ana');
const { signal } = new AbortController();

let files: SiteFiles;
let logged: string[];
let options: ProgramOptions;
let program: Program;

beforeEach(async () => {
  files = await siteFiles();
  logged = [];
  options = {
    configPath: files.configPath,
    openStore: () => embeddedStore(),
    env: { SIGNALBOX_SECRET_CERT_FILE: join(files.folder, 'cert') },
    log: (level, message) => logged.push(`${level} ${message}`),
  };
  program = await openProgram(options);
  onTestFinished(() => program.close());
});

const hosts = () => [...program.configuration.inventory.hosts.keys()];

async function refused(): Promise<readonly string[]> {
  const before = program.configuration;
  const reloaded = await program.reload('a test');
  expect(program.configuration).toBe(before);
  expect(reloaded.kind).toBe('refused');
  return reloaded.kind === 'refused' ? reloaded.problems : [];
}

/** An operation that reimages builder-02, with its plan's claims when it has started. */
async function operation(phase: 'asked' | 'started'): Promise<OpRef> {
  const { inventory } = program.configuration;
  const [input] = reimage.command.toInputs({ targets: [HOST] }, inventory);
  const { ports } = program.zone(staging);
  const plan = await planOperation(reimage, input, ports, signal);
  const ref = { op: OpId.parse('op-7k2m'), zone: staging };
  await program.journal.append(ref, { events: [requested(plan)], by: ANA, seq: 0 });
  if (phase === 'asked') return ref;
  const { revision } = await program.journal.claims(staging);
  const claimed = [{ kind: 'claimed', claims: plan.claims } as const];
  await program.journal.append(ref, { events: claimed, by: 'engine', seq: 1, claims: revision });
  return ref;
}

function requested(plan: Plan) {
  return {
    kind: 'requested',
    plan,
    command: 'reimage builder-02',
    inventory: 'r1',
    approvalExpiresAt: Date.now() + 60_000,
    estimateMs: 1_000,
    origin: { network: 'console', channel: '#ops' },
  } as const;
}

async function ends({ op, zone }: OpRef): Promise<void> {
  const ended = { kind: 'ended', outcome: 'abandoned', because: 'a test' } as const;
  await program.journal.append({ op, zone }, { events: [ended], by: 'engine', seq: 2 });
}

describe('a reload', () => {
  it('takes a good version as a whole, and everybody who asks has it from then on', async () => {
    const { ports } = program.zone(staging);
    await files.change('inventory.yaml', 'builder-02:', 'builder-[02-03]:');
    await files.change('people.yaml', '[ana, ben]', '[ana]');
    expect(await program.reload('a test')).toEqual({
      kind: 'taken',
      what: expect.stringMatching(
        /^1 host added, 1 pool changed, 1 person changed; inventory .* → /,
      ),
    });
    expect(hosts()).toEqual(['builder-01', 'builder-02', 'builder-03']);
    expect([...ports.inventory.current().hosts.keys()]).toEqual(hosts());
    const ben = await program.configuration.directory.person(UserId.parse('ben'), 'cached');
    expect(ben).toMatchObject({ person: { groups: [] } });
    expect(logged).toEqual([expect.stringMatching(/^info a test: reloaded, 1 host added/)]);
  });

  it('brings an LDAP directory, which is asked from then on and which signalbox check names', async () => {
    const port = await freePort();
    await files.change(
      'signalbox.yaml',
      'directory: { file: people.yaml }',
      `directory:
  file: people.yaml
  ldap:
    - name: insiders
      servers: ["ldaps://127.0.0.1:${port}"]
      bind: { dn: "cn=signalbox,dc=example", secret: cert }
      people: { base: "ou=people,dc=example", networks: { irc: ircAccount } }
      groups: { base: "ou=groups,dc=example", confers: { sysadmins: "cn=sysadmins,dc=example" } }
`,
    );
    await writeFile(join(files.folder, 'cert'), 'a password');
    const what = expect.stringMatching(/^1 directory added; /);
    expect(await program.reload('a test')).toEqual({ kind: 'taken', what });
    const { directory } = program.configuration;
    expect(await directory.identify('console', 'ana', 'cached')).toEqual({
      kind: 'unavailable',
      directory: 'insiders',
      because: '127.0.0.1 refuses connections',
    });
    const lines = (await check(options)).filter(({ about }) => about.startsWith('directory'));
    expect(lines.map(({ verdict, about, text }) => `${verdict} ${about}: ${text}`)).toEqual([
      `FAIL directory insiders ldaps://127.0.0.1:${port}: refuses connections`,
      'FAIL directory insiders group sysadmins: 127.0.0.1 refuses connections',
    ]);
    await files.restore('signalbox.yaml');
    expect(await program.reload('a test')).toMatchObject({ kind: 'taken' });
    const found = await program.configuration.directory.identify('console', 'ana', 'cached');
    expect(found).toMatchObject({ kind: 'person' });
  });

  it('refuses a bad version with the words of signalbox check, and the next good one is taken', async () => {
    await files.change('inventory.yaml', 'pool: builders', 'pool: bilders');
    await files.change('signalbox.yaml', 'allow: [lock]', 'allow: [lokc]');
    const problems = await refused();
    const lines = await check(options);
    expect(problems).toEqual(
      lines.filter(({ verdict }) => verdict === 'FAIL').map(({ text }) => text),
    );
    expect(problems[0]).toMatch(/^inventory.yaml:6:23: unknown pool "bilders"/);
    expect(program.refusedReload()).toEqual(problems);
    expect(logged).toEqual([
      `warn a test: not reloaded, what was in use stays\n${problems.join('\n')}`,
    ]);
    await files.restore('inventory.yaml');
    expect((await refused())[0]).toMatch(/^signalbox.yaml:13:\d+: there is no command "lokc"/);
    await files.restore('signalbox.yaml');
    expect(await program.reload('a test')).toMatchObject({ kind: 'taken' });
    expect(program.refusedReload()).toEqual([]);
  });

  it('refuses what a driver cannot read, although it is connected only when it is needed', async () => {
    await files.change('signalbox.yaml', 'agent: true', 'agent: perhaps');
    expect(await refused()).toEqual([
      expect.stringMatching(/^signalbox.yaml:9:\d+: agent is "perhaps"; expected/),
    ]);
    await files.change('signalbox.yaml', 'product: node-ssh', 'product: nod-ssh');
    expect(await refused()).toEqual([
      'signalbox.yaml:9:14: there is no shell driver "nod-ssh"; expected node-ssh or openssh; did you mean "node-ssh"?',
    ]);
  });

  it('refuses a file that is only half written', async () => {
    await files.write('inventory.yaml', 'hosts:\n  builder-01: { pool: buil');
    expect((await refused())[0]).toMatch(/^inventory.yaml:2:\d+: not YAML/);
    await files.write('inventory.yaml', '');
    expect((await refused())[0]).toMatch(/^inventory.yaml:1:1: /);
  });

  it.each(['signalbox.yaml', 'inventory.yaml', 'people.yaml'] as const)(
    'refuses when %s cannot be read any more, or is gone',
    async (name) => {
      const path = join(files.folder, name);
      await rm(path);
      expect((await refused()).join()).toMatch(/signalbox\.yaml:\d+:\d+: .*does not exist/);
      // Root may read everything, so that this cannot be read is not a matter of rights.
      await symlink(name, path);
      expect((await refused()).join()).toContain(`"${name}" cannot be read: `);
    },
  );

  it('says what needs a restart, with its place', async () => {
    await files.change('signalbox.yaml', 'name: farm', 'name: other');
    expect(await refused()).toEqual([
      'signalbox.yaml:1:7: the name cannot change while signalbox runs; put it back, or restart signalbox to take it',
    ]);
  });

  it('reads what was written while another reload was under way', async () => {
    const first = program.reload('first');
    await files.change('inventory.yaml', 'builder-02:', 'builder-[02-03]:');
    await Promise.all([first, program.reload('second'), program.reload('third')]);
    expect(hosts()).toContain('builder-03');
  });

  it('tells those who want to know, and nobody of what was refused', async () => {
    let told = 0;
    program.whenReloaded(() => {
      told += 1;
    });
    await program.reload('a test');
    await files.write('inventory.yaml', ': :');
    await refused();
    expect(told).toBe(1);
  });

  it('hands out secrets as their files have them now', async () => {
    const { secrets } = program.zone(staging).ports;
    for (const secret of ['first secret', 'second secret']) {
      await writeFile(join(files.folder, 'cert'), secret);
      await program.reload('a test');
      expect(await secrets.read('cert', HOST, signal)).toBe(secret);
    }
    expect(program.redactor.redact('first secret, second secret')).toBe('[secret], [secret]');
  });

  it('shows no secret that stands where it must not', async () => {
    await files.change('signalbox.yaml', 'agent: true', 'password: hunter22');
    expect((await refused()).join()).not.toContain('hunter22');
  });
});

describe('a reload that would take something from under an operation', () => {
  const GONE =
    'signalbox.yaml:2:12: builder-02 is gone from the inventory, and op-7k2m is under way there; put it back until op-7k2m is over; !show op-7k2m says how far it is';
  const withoutHost = () =>
    files.change('inventory.yaml', '  builder-02: { pool: builders, image: f43 }\n', '');

  it('is refused for its host until the operation is over', async () => {
    const ref = await operation('started');
    await withoutHost();
    expect(await refused()).toEqual([GONE]);
    await ends(ref);
    expect(await program.reload('a test')).toMatchObject({ kind: 'taken' });
    expect(hosts()).toEqual(['builder-01']);
  });

  it('is taken while the operation has not started, which then cannot be planned', async () => {
    await operation('asked');
    await withoutHost();
    expect(await program.reload('a test')).toMatchObject({ kind: 'taken' });
  });

  it.each([
    ['name in the build system', '{ pool: builders, image: f43, build-name: other }'],
    ['zone', '{ zone: production, image: f43 }'],
    ['hypervisor', '{ pool: builders, image: f43, hypervisor: builder-01 }'],
    ['BMC', '{ pool: builders, image: f43, bmc: bmc-02.example.org }'],
  ])('is refused when another %s would have it act elsewhere', async (word, to) => {
    await operation('started');
    await files.change(
      'inventory.yaml',
      'builder-02: { pool: builders, image: f43 }',
      `builder-02: ${to}`,
    );
    expect((await refused()).join('\n')).toContain(
      `builder-02 has another ${word}, and op-7k2m is under way there`,
    );
  });

  it('is refused for a driver of its zone, and taken for another one in its place', async () => {
    await operation('started');
    await files.change('signalbox.yaml', '      witness: { product: ssh }\n', '');
    expect(await refused()).toEqual([
      'signalbox.yaml:9:7: staging has no witness any more, and op-7k2m is under way there; put it back until op-7k2m is over; !show op-7k2m says how far it is',
    ]);
    await files.change('signalbox.yaml', 'agent: true', 'key-file: /etc/signalbox/key');
    expect(await program.reload('a test')).toMatchObject({ kind: 'taken' });
  });

  it('is taken for what it does not stand on', async () => {
    await operation('started');
    await files.change('inventory.yaml', '  builder-01: { pool: builders, image: f43 }\n', '');
    expect(await program.reload('a test')).toMatchObject({ kind: 'taken' });
    await files.change('inventory.yaml', 'builder-02: {', 'builder-02: { address: 192.0.2.7,');
    expect(await program.reload('a test')).toMatchObject({ kind: 'taken' });
  });

  it('is refused when the store cannot say what is under way', async () => {
    const store = await embeddedStore();
    const away = await openProgram({ ...options, openStore: async () => store });
    onTestFinished(() => away.close());
    await withoutHost();
    await store.close();
    expect(await away.reload('a test')).toEqual({
      kind: 'refused',
      problems: [expect.stringMatching(/^The store did not answer/)],
    });
  });

  it('is not asked about in a zone that a worker has no business in', async () => {
    const store = await embeddedStore();
    const worker = await openProgram({ ...options, openStore: async () => store, zone: 'other' });
    onTestFinished(() => worker.close());
    await withoutHost();
    await store.close();
    expect(await worker.reload('a test')).toMatchObject({ kind: 'taken' });
  });
});

describe('a program that is opened', () => {
  it('refuses what it would refuse to reload', async () => {
    await files.change('signalbox.yaml', 'agent: true', 'agent: perhaps');
    await expect(openProgram(options)).rejects.toThrow(/^signalbox.yaml:9:/);
  });
});

import { describe, expect, test } from 'vitest';
import type { HostName } from '../../src/domain/ids.ts';
import { inventoryOf, SIX_BUILDERS } from './fixture/inventory.ts';
import { type Playbooks, playbooksOf } from './fixture/playbooks.ts';
import { createWorld } from './world.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const PLAYBOOK = `playbook: { file: site.yml, commit: ${COMMIT} }`;

/** The same six builders, whose image has a post-install configuration. */
function configuredBy(postInstall: string) {
  const image = '    versions: [2026.11.18, 2026.10.01]\n';
  return inventoryOf(SIX_BUILDERS.replace(image, `${image}    post-install: { ${postInstall} }\n`));
}

async function worldWith(playbooks: Playbooks, postInstall = PLAYBOOK) {
  const world = await createWorld({ playbooks });
  world.inventory = configuredBy(postInstall);
  return world;
}

const neverAborted = new AbortController().signal;

const LOOKING = 'ana: looking at builder-01…';
const CARD = 'configure builder-01 with f43-builder@2026.11.18';
const PROMPT = [
  `ana: op-1 ${CARD} · staging · 1 step, about 2 min`,
  'write motd: /etc/motd +1 -1',
  'no way back after step 1 (configure) · needs 1 approval from sysadmin-builders: !approve op-1 CODE or 👍 · !show op-1',
];
const DIFF = ['| would change: write motd', '| -old', '| +new'];

describe('a plan of what would change on a host', () => {
  test('is shown with its diff, changes nothing and makes no operation', async () => {
    const playbooks = playbooksOf();
    const { says, operations } = await worldWith(playbooks);
    expect(await says('ana', '!plan configure builder-01')).toEqual([
      LOOKING,
      `${CARD} · 1 step, about 2 min · no way back after step 1 (configure) · needs 1 approval from sysadmin-builders`,
      '1/1 configure builder-01 (disruptive, no way back)',
      'write motd: /etc/motd +1 -1',
      ...DIFF,
    ]);
    expect(playbooks.motd('builder-01')).toBe('old');
    expect(await operations()).toEqual([]);
  });

  test('is approved as it was shown, and then done', async () => {
    const playbooks = playbooksOf();
    const { says } = await worldWith(playbooks);
    const asked = await says('ana', '!configure builder-01');
    expect(asked).toEqual(expect.arrayContaining([LOOKING, ...DIFF, ...PROMPT]));
    expect(playbooks.motd('builder-01')).toBe('old');
    expect(await says('ben', '!log op-1')).toEqual(['would change: write motd', '-old', '+new']);
    const done = await says('ben', '!approve op-1 CODE');
    expect(done.slice(0, 3)).toEqual([
      'op-1 approved by ben, starting',
      'op-1 1/1 configure builder-01',
      'op-1 1/1 running site.yml at 0123456789ab',
    ]);
    expect(done[3]).toMatch(/^op-1 DONE/);
    expect(playbooks.motd('builder-01')).toBe('new');
  });

  test('ends where there is nothing to change, and asks nobody', async () => {
    const playbooks = playbooksOf();
    playbooks.writes('builder-01', 'new');
    const { says, operations } = await worldWith(playbooks);
    const nothing =
      'ana: nothing to change on builder-01: site.yml at 0123456789ab finds it as it should be. Nothing has to be done.';
    expect(await says('ana', '!configure builder-01')).toEqual([LOOKING, nothing]);
    expect(await says('ana', '!plan configure builder-01')).toEqual([LOOKING, nothing]);
    expect(await operations()).toEqual([]);
  });

  test('counts for just that: a host that has changed since is planned anew', async () => {
    const playbooks = playbooksOf();
    const { says } = await worldWith(playbooks);
    await says('ana', '!configure builder-01');
    playbooks.writes('builder-01', 'edited by hand');
    expect((await says('ben', '!approve op-1 CODE')).at(-1)).toBe(
      `op-1 REFUSED: ${CARD} · the plan is another one now than was approved: ask for it again`,
    );
    expect(playbooks.motd('builder-01')).toBe('edited by hand');
  });

  test('ends an operation that has nothing left to change when it would start', async () => {
    const playbooks = playbooksOf();
    const { says } = await worldWith(playbooks);
    await says('ana', '!configure builder-01');
    playbooks.writes('builder-01', 'new');
    expect((await says('ben', '!approve op-1 CODE')).at(-1)).toMatch(
      /^op-1 REFUSED: .* · nothing to change on builder-01: site.yml/,
    );
  });

  test('says what no preview can tell, and takes a place in the pool for it', async () => {
    const playbooks = playbooksOf();
    playbooks.alsoHas(
      { task: 'migrate', outcome: 'skipped', unseen: true },
      { task: 'fetch keys', outcome: 'skipped', unseen: true },
      { task: 'not here', outcome: 'skipped' },
    );
    const { says } = await worldWith(playbooks);
    const heard = await says('ana', '!configure builder-01');
    expect(heard).toContain("2 tasks can't be previewed: migrate, fetch keys");
    expect(heard.find((line) => line.includes('op-1 configure'))).toMatch(
      / · takes @builders from 6\/6 to 5\/6 \(at least 4\)$/,
    );
  });

  test('takes a place in the pool for what restarts', async () => {
    const playbooks = playbooksOf();
    playbooks.alsoHas({ task: 'restart kojid', outcome: 'changed', restarts: true });
    const { says } = await worldWith(playbooks);
    const heard = await says('ana', '!configure builder-01');
    expect(heard).toContain('restart kojid: changes');
    expect(heard.find((line) => line.includes('op-1 configure'))).toContain('takes @builders');
  });

  test('names the files and commands of the image, which are part of it', async () => {
    const motd = '{ path: /etc/issue, mode: "0644", owner: root, content: x }';
    const postInstall = `files: [${motd}], commands: [[mount, "/srv/{host}"]], ${PLAYBOOK}`;
    const playbooks = playbooksOf();
    playbooks.writes('builder-01', 'new');
    const { says } = await worldWith(playbooks, postInstall);
    expect((await says('ana', '!plan configure builder-01')).slice(-2)).toEqual([
      'put where it is not so already: /etc/issue',
      'run again: mount /srv/builder-01',
    ]);
  });

  test('is cut where it is long, and counts what is left out', async () => {
    const playbooks = playbooksOf();
    const many = Array.from({ length: 30 }, (_, n) => ({
      task: `task ${n}\u0007`,
      outcome: 'changed' as const,
      diff: '+x\n'.repeat(10),
    }));
    playbooks.alsoHas(...many);
    const { says } = await worldWith(playbooks);
    const plan = await says('ana', '!plan configure builder-01');
    expect(plan).toContain('task 18\\u{7}: changes');
    expect(plan).toContain('11 tasks more would change something');
    expect(plan.at(-1)).toMatch(/^\| … \d+ more lines$/);
    expect(plan.length).toBeLessThan(45);
    const prompt = (await says('ana', '!configure builder-01')).filter((line) =>
      line.includes(': changes'),
    );
    expect(prompt).toHaveLength(5);
  });
});

describe('what cannot be previewed is refused with its reason', () => {
  test.each([
    [
      { kind: 'unreachable', because: 'no route to host', midway: false } as const,
      'no route to host. See that builder-01 answers, then ask again.',
    ],
    [
      { kind: 'no-hosts-matched' } as const,
      'no play of site.yml is meant for it. Look at the hosts: of its plays; signalbox inventory --list has the groups of builder-01.',
    ],
    [
      { kind: 'failed', task: 'use it', because: 'undefined variable' } as const,
      'site.yml: use it: undefined variable. Mend it on builder-01 or in site.yml. A task that fails only in a preview, because it needs what a command before it says, wants check_mode: false there or "when: not ansible_check_mode" here.',
    ],
  ])('when its preview ends as %j', async (end, because) => {
    const playbooks = playbooksOf();
    playbooks.endAs(end);
    const { says, operations } = await worldWith(playbooks);
    expect(await says('ana', '!configure builder-01')).toEqual([
      LOOKING,
      `ana: what would change on builder-01 is not known: ${because}`,
    ]);
    expect(await operations()).toEqual([]);
  });

  test('when its image has no playbook', async () => {
    const { says } = await createWorld({ playbooks: playbooksOf() });
    expect((await says('ana', '!configure builder-01')).at(-1)).toBe(
      'ana: f43-builder@2026.11.18 cannot be applied to a host as it is: the inventory names no playbook for it. Name one in its post-install configuration; reimage does without.',
    );
  });

  test('before anything is looked at, when somebody may not run it', async () => {
    const playbooks = playbooksOf();
    const { says } = await worldWith(playbooks);
    const refused =
      'dan is in developers; configure on builder-01 (staging) with f43-builder is granted to root (signalbox.yaml:22), sysadmin-builders (signalbox.yaml:28). Ask somebody of root or sysadmin-builders.';
    expect(await says('dan', '!configure builder-01')).toEqual([refused]);
    expect(await says('dan', '!plan configure builder-01')).toEqual([refused]);
    expect((await says('dan', '!why configure builder-01')).at(-1)).toBe(`refused: ${refused}`);
    expect(playbooks.previews).toEqual([]);
    expect((await says('ana', '!why configure builder-01')).at(-1)).toBe(
      'nothing it needs is taken',
    );
    expect(playbooks.previews).toEqual(['builder-01']);
  });
});

describe('while hosts are looked at', () => {
  test('other messages of the channel are answered', async () => {
    const playbooks = playbooksOf();
    playbooks.hold();
    const { says, meanwhile } = await worldWith(playbooks);
    expect(await says('ana', '!configure builder-01')).toEqual([LOOKING]);
    expect(await says('ben', '!whoami')).toHaveLength(1);
    const found = await meanwhile(() => playbooks.letGo());
    expect(found.toSorted()).toEqual([...PROMPT, ...DIFF].toSorted());
    expect(await says('ben', '!log op-1')).toContain('+new');
  });

  test('more than can be looked at are refused together', async () => {
    const playbooks = playbooksOf();
    playbooks.hold();
    const { says } = await worldWith(playbooks);
    for (let time = 0; time < 6; time += 1) await says('ana', '!plan configure @builders');
    expect(await says('ana', '!plan configure @builders')).toEqual([
      'ana: those are 6 hosts to look at, and only 4 more can be looked at now. Name fewer, or try again in some minutes.',
    ]);
    expect(await says('ana', '!plan configure builder-01')).toEqual([LOOKING]);
  });

  test('only some are at the same moment, and each is told when it was', async () => {
    const playbooks = playbooksOf();
    playbooks.hold();
    const { says } = await worldWith(playbooks);
    expect(await says('ana', '!configure @builders count=6')).toEqual([
      'ana: looking at builder-[01-06]…',
    ]);
    expect(playbooks.previews).toHaveLength(4);
  });

  test('a bot that stops says so', async () => {
    const playbooks = playbooksOf();
    playbooks.hold();
    const { says, stops, heard } = await worldWith(playbooks);
    await says('ana', '!configure builder-01');
    await stops();
    expect(heard('#ops').at(-1)).toBe(
      'ana: what would change on builder-01 is not known: the preview of site.yml took too long, or was told to stop. See that builder-01 answers as quickly as it should, then ask again.',
    );
  });
});

describe('a configuration that waits for its place in the pool', () => {
  test('is not looked at again before there is one', async () => {
    const playbooks = playbooksOf();
    playbooks.alsoHas({ task: 'restart kojid', outcome: 'changed', restarts: true });
    const { says, farm, passes, meanwhile } = await worldWith(playbooks);
    await says('ana', '!configure builder-01');
    farm.takesOut('builder-02');
    farm.takesOut('builder-03');
    expect((await says('ben', '!approve op-1 CODE')).at(-1)).toMatch(/^op-1 waits: @builders may/);
    const looked = playbooks.previews.length;
    expect(await passes(1)).toEqual([]);
    expect(playbooks.previews).toHaveLength(looked);
    await meanwhile(() => farm.enable('builder-02' as HostName, '', neverAborted));
    expect((await passes(1)).some((line) => line.startsWith('op-1 DONE'))).toBe(true);
    expect(playbooks.previews).toHaveLength(looked + 1);
  });
});

describe('a configuration that fails in the middle', () => {
  test('offers no rollback, since what was done before that stays', async () => {
    const playbooks = playbooksOf();
    const { says } = await worldWith(playbooks);
    await says('ana', '!configure builder-01');
    const apply = playbooks.apply;
    Object.assign(playbooks, {
      apply: async () => ({ kind: 'failed', task: 'mount', because: 'no such device' }),
    });
    const heard = await says('ben', '!approve op-1 CODE');
    expect(heard.find((line) => line.includes('FAILED'))).toContain(
      'op-1 1/1 FAILED configure: builder-01: site.yml: mount: no such device; what was done before that stays · builder-01 may be configured in part',
    );
    expect(heard.at(-1)).toMatch(/^🔁 !retry op-1 {2}⏸️ !hold op-1 · no way back after step 1/);
    Object.assign(playbooks, { apply });
    expect((await says('ana', '!retry op-1')).some((line) => /^op-1 DONE/.test(line))).toBe(true);
  });
});

import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inventoryOf, SIX_BUILDERS } from '../../bot/fixture/inventory.ts';
import { createWorld, type World } from '../../bot/world.ts';
import { type AnsibleSite, ansibleSite } from './ansible-site.ts';
import { play } from './play.ts';

const LOOKING = 'ana: looking at builder-07…';

describe('!configure of a host with a real SSH server', () => {
  let site: AnsibleSite;
  let world: World;
  beforeAll(async () => {
    site = await ansibleSite();
  });
  afterAll(() => site.close());

  /** Of each try: an earlier one may still be writing. */
  let folder: string;
  const motd = () => join(folder, 'motd');
  const ran = () => join(folder, 'ran');

  /** The image of the builders is configured by these tasks, and the host's motd says `old`. */
  function configuredBy(tasks: readonly string[], handlers = '') {
    const commit = site.commit({ 'site.yml': `${play(tasks)}${handlers}` });
    const image = '    versions: [2026.11.18, 2026.10.01]\n';
    const postInstall = `    post-install: { playbook: { file: site.yml, commit: ${commit} } }\n`;
    const hosts = '  builder-07: { pool: builders, image: f43-builder }\n';
    world.inventory = inventoryOf(
      `${SIX_BUILDERS.replace(image, `${image}${postInstall}`)}${hosts}`,
    );
  }

  const write = () => `{ name: write motd, copy: { dest: ${motd()}, content: "hello\\n" } }`;

  beforeEach(async () => {
    world = await createWorld({ playbooks: site.over() });
    folder = mkdtempSync(join(site.folder, 'try-'));
    writeFileSync(motd(), 'old\n');
    configuredBy([write()]);
  });

  const seen = () => [
    '| would change: write motd',
    `| --- before: ${motd()}`,
    `| +++ after: ${motd()}`,
    '| @@ -1 +1 @@',
    '| -old',
    '| +hello',
  ];

  it('plans with the diff of what would change, and changes nothing', async () => {
    const planned = await world.says('ana', '!plan configure builder-07');
    expect(planned[0]).toBe(LOOKING);
    expect(planned.slice(-7)).toEqual([`write motd: ${motd()} +1 -1`, ...seen()]);
    expect(readFileSync(motd(), 'utf8')).toBe('old\n');
    expect(await world.operations()).toEqual([]);
    expect(site.runFolders()).toEqual([]);
  });

  it('does it when somebody has approved just that, and then finds nothing to change', async () => {
    const asked = await world.says('ana', '!configure builder-07');
    expect(asked).toEqual(expect.arrayContaining([`write motd: ${motd()} +1 -1`, ...seen()]));
    expect(readFileSync(motd(), 'utf8')).toBe('old\n');
    const done = await world.says('ben', '!approve op-1 CODE');
    expect(done.some((line) => line.startsWith('op-1 DONE'))).toBe(true);
    expect(readFileSync(motd(), 'utf8')).toBe('hello\n');
    expect((await world.says('ana', '!configure builder-07')).at(-1)).toMatch(
      /^ana: nothing to change on builder-07: site.yml at [0-9a-f]{12} finds it as it should be/,
    );
    expect(world.problems).toEqual([]);
  });

  it('plans anew when the host has changed since', async () => {
    await world.says('ana', '!configure builder-07');
    writeFileSync(motd(), 'edited by hand\n');
    expect((await world.says('ben', '!approve op-1 CODE')).at(-1)).toMatch(
      /^op-1 REFUSED: .* the plan is another one now than was approved: ask for it again$/,
    );
    expect(readFileSync(motd(), 'utf8')).toBe('edited by hand\n');
    const again = await world.says('ana', '!configure builder-07');
    expect(again).toContain('| -edited by hand');
  });

  it('names what no preview can tell, and takes a place in the pool for it', async () => {
    const tasks = [
      write(),
      `{ name: run it, command: touch ${ran()} }`,
      `{ name: in a loop, shell: "touch ${ran()}", loop: [1, 2] }`,
      '{ name: elsewhere, command: "true", when: false }',
      '{ name: for nobody, command: "true", loop: [] }',
    ];
    configuredBy(tasks);
    const heard = await world.says('ana', '!plan configure builder-07');
    expect(heard).toContain("2 tasks can't be previewed: run it, in a loop");
    expect(heard[1]).toContain('takes @builders from 7/7 to 6/7');
    expect(existsSync(ran())).toBe(false);
  });

  it('takes a place in the pool for a handler, and none for a file alone', async () => {
    expect((await world.says('ana', '!plan configure builder-07'))[1]).not.toContain('@builders');
    const notifying = `{ name: write motd, copy: { dest: ${motd()}, content: "hello\\n" }, notify: again }`;
    const handler = `  handlers:\n    - { name: again, file: { path: ${ran()}, state: touch, mode: "0600" } }\n`;
    configuredBy([notifying], handler);
    const heard = await world.says('ana', '!plan configure builder-07');
    expect(heard[1]).toContain('takes @builders from 7/7 to 6/7');
  });

  it('refuses when a task fails in its preview, or the host does not answer', async () => {
    configuredBy(['{ name: use it, fail: { msg: not here } }']);
    expect((await world.says('ana', '!configure builder-07')).at(-1)).toMatch(
      /^ana: what would change on builder-07 is not known: site.yml: use it: not here\. Mend it/,
    );
    world = await createWorld({ playbooks: site.over({ port: 1 }) });
    configuredBy([write()]);
    expect((await world.says('ana', '!configure builder-07')).at(-1)).toMatch(
      /^ana: what would change on builder-07 is not known: .*Connection refused\. See that/,
    );
    expect(await world.operations()).toEqual([]);
  });
});

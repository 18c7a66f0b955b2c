import { describe, expect, test } from 'vitest';
import type { WorkerAnswer } from '../../src/bot/reloading.ts';
import type { GroupName, UserId } from '../../src/domain/ids.ts';
import { createWorld } from './world.ts';

const staging = 'staging' as WorkerAnswer['zone'];
const worker = (name: string, more: Partial<WorkerAnswer> = {}): WorkerAnswer => ({
  zone: staging,
  worker: name,
  says: 'taken',
  problems: [],
  ...more,
});

describe('!reload', () => {
  test('says what has changed, here and in the workers', async () => {
    const { says, reloading } = await createWorld();
    reloading.workers = [worker('node-1:7'), worker('node-2:8')];
    expect(await says('rik', '!reload')).toEqual([
      '2 hosts added; inventory a1b2c3 → d4e5f6',
      '2 workers reloaded, too',
    ]);
    expect(reloading.asked).toEqual(['rik', 'workers']);
  });

  test('names each worker that refused, and each that has not answered', async () => {
    const { says, reloading } = await createWorld();
    reloading.workers = [
      worker('node-1:7', { says: 'refused', problems: ['inventory.yaml:3:5: no', 'and no'] }),
      worker('node-2:8', { says: 'silent' }),
    ];
    expect((await says('rik', '!reload')).slice(1)).toEqual([
      'worker node-1:7 of staging refused it and goes on with what it has: inventory.yaml:3:5: no (and 1 more, see its log)',
      'worker node-2:8 of staging has not answered yet; it reloads when it is back',
    ]);
  });

  test('says that there is no worker', async () => {
    const { says } = await createWorld();
    expect((await says('rik', '!reload'))[1]).toBe(
      'no worker is there now; those that start read it',
    );
  });

  test('tells the first problems of a bad version and counts the rest, and no worker is asked', async () => {
    const { says, reloading } = await createWorld();
    const problems = [1, 2, 3, 4, 5].map((line) => `inventory.yaml:${line}:3: no`);
    reloading.becomes = { kind: 'refused', problems };
    expect(await says('rik', '!reload')).toEqual([
      'not reloaded, what was in use stays: 5 problems',
      'inventory.yaml:1:3: no',
      'inventory.yaml:2:3: no',
      'inventory.yaml:3:3: no',
      'and 2 more; signalbox check lists them all',
    ]);
    expect(reloading.asked).toEqual(['rik']);
  });

  test('is refused to whom no rule grants it, and to whom the directory does not know', async () => {
    const { says, reloading } = await createWorld();
    expect(await says('ana', '!reload')).toEqual([
      'ana is in sysadmin-builders; reload is granted to root (signalbox.yaml:22). Ask somebody of root.',
    ]);
    expect((await says('eve', '!reload'))[0]).toMatch(/^eve: /);
    expect(reloading.asked).toEqual([]);
  });

  test('is refused to somebody whom the directory does not know any more, and while it is silent', async () => {
    const { says, people, reloading } = await createWorld();
    people.goesAway();
    const { identify } = people;
    const remembered = { id: 'rik' as UserId, groups: ['root' as GroupName] };
    people.identify = async (network, id, freshness) =>
      freshness === 'cached'
        ? { kind: 'person', person: remembered }
        : identify.call(people, network, id, freshness);
    expect((await says('rik', '!reload')).join()).toMatch(/ldap/);
    people.comesBack();
    people.leaves('rik', 'root');
    expect((await says('rik', '!reload')).join()).toMatch(/reload is granted to root/);
    expect(reloading.asked).toEqual([]);
  });
});

describe('!status', () => {
  test('names workers that work with something else', async () => {
    const { says, reloading } = await createWorld();
    expect(await says('kim', '!status')).toHaveLength(3);
    reloading.differs = ['worker node-1:7 of staging uses inventory bbbbbb, the bot aaaaaa'];
    expect((await says('kim', '!status')).at(-1)).toBe(reloading.differs[0]);
  });
});

describe('an operation that waits for approval across a reload', () => {
  /** As a reload leaves it: one image is configured another way. */
  async function waiting(host: string, changed: string) {
    const world = await createWorld();
    await world.says('ana', `!reimage ${host}`);
    const images = [...world.inventory.images].map(([id, image]) => {
      const postInstall = { ...image.postInstall, commands: [['id']] };
      return [id, id.startsWith(changed) ? { ...image, postInstall } : image] as const;
    });
    world.inventory = { ...world.inventory, revision: 'new', images: new Map(images) };
    return world;
  }

  test('is refused when the image it installs is configured another way now, and can be asked for anew', async () => {
    const { says } = await waiting('builder-01', 'f43-builder@2026.11.18');
    expect((await says('ben', '!approve op-1 CODE')).at(-1)).toMatch(
      /^op-1 .*the plan is another one now than was approved: ask for it again/,
    );
    await says('ana', '!reimage builder-01');
    expect(await says('ben', '!approve op-2 CODE')).toContain('op-2 approved by ben, starting');
  });

  test('goes on when the reload was about another one', async () => {
    const { says } = await waiting('builder-01', 'el10-builder');
    const heard = await says('ben', '!approve op-1 CODE');
    expect(heard).toContain('op-1 approved by ben, starting');
    expect(heard.join('\n')).toContain('op-1 1/8 disable builder-01');
  });
});

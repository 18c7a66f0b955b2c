import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { embeddedStore } from '../../src/adapters/store/embedded-store.ts';
import { openStore } from '../../src/adapters/store/open-store.ts';
import type { Store } from '../../src/adapters/store/store.ts';
import { HostName } from '../../src/domain/ids.ts';
import { lookingAt } from '../../src/program/looking-at.ts';
import { openProgram } from '../../src/program/program.ts';
import { statusJson, statusText } from '../../src/program/status/status-command.ts';
import { SIX_BUILDERS } from '../bot/fixture/inventory.ts';
import { StatusJson } from '../bot/status/status-schema.ts';

// Nobody listens there.
const SETTINGS = `inventory: inventory.yaml
zones: { staging: { drivers: { farm: { product: koji, hub: "http://127.0.0.1:1/kojihub", login: password, user: signalbox } } } }
freezes: [{ on: staging, from: 2020-01-01T00:00Z, until: 2099-01-01T00:00Z, because: "a \\u001b[2Jrelease" }]
`;

async function opened({ onTestFinished }: TestContext, open: () => Promise<Store> = embeddedStore) {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-status-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'signalbox.yaml'), SETTINGS);
  await writeFile(join(folder, 'inventory.yaml'), SIX_BUILDERS);
  const program = await openProgram({
    configPath: join(folder, 'signalbox.yaml'),
    openStore: open,
    env: {},
    log: () => undefined,
    purpose: 'look',
  });
  onTestFinished(() => program.close());
  return { bot: lookingAt(program), store: program.store, folder };
}

describe('signalbox status', () => {
  it('says the same as text and as JSON, and leaves nothing behind', async (context) => {
    const { bot, store, folder } = await opened(context);
    const outOfService = async () => [HostName.parse('builder-02')];
    const answering = { ...bot, outOfService };
    const document = StatusJson.parse(JSON.parse(await statusJson(answering)));
    expect(document.pools[0]).toMatchObject({ name: 'builders', inService: 5 });
    expect(document.freezes).toMatchObject([{ on: 'staging', by: null }]);
    expect(document).toMatchObject({ readOnly: null, operations: { open: 0, list: [] } });
    const text = await statusText(answering);
    expect(text).toContain('@builders: 5/6 in service, away: builder-02');
    expect(text).toContain('0 operations open');
    expect(await store.connection('commands').keys('*')).toEqual([]);
    expect((await readdir(folder)).toSorted()).toEqual(['inventory.yaml', 'signalbox.yaml']);
  });

  it('says that a build system does not answer, and counts none of its hosts', async (context) => {
    const { bot } = await opened(context);
    const { pools } = StatusJson.parse(JSON.parse(await statusJson(bot)));
    expect(pools[0]).toMatchObject({
      name: 'builders',
      buildSystem: 'silent',
      inService: null,
      outOfService: null,
    });
    expect(await statusText(bot)).toContain('@builders: 6 hosts, the build system does not answer');
  });

  it('fails when the store is away, and does not make up a quiet one', async (context) => {
    const away = () => openStore({ env: { REDIS_URL: 'redis://127.0.0.1:1' } });
    await expect(opened(context, away)).rejects.toMatchObject({ code: 'store.unreachable' });
  });

  it('fails when the store goes away while it is asked', async (context) => {
    const { bot, store } = await opened(context);
    await store.close();
    await expect(statusJson(bot)).rejects.toMatchObject({ code: 'store.unreachable' });
    await expect(statusText(bot)).rejects.toMatchObject({ code: 'store.unreachable' });
  });

  it('shows what people wrote without its control characters', async (context) => {
    const { bot } = await opened(context);
    expect(await statusText(bot)).toContain('"a \\u{1b}[2Jrelease"');
  });
});

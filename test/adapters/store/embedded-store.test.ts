import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkDurable } from '../../../src/adapters/store/durability.ts';
import { embeddedStore } from '../../../src/adapters/store/embedded-store.ts';
import type { Store } from '../../../src/adapters/store/store.ts';

const MODULE = new URL('../../../src/adapters/store/embedded-store.ts', import.meta.url);

let store: Store;
beforeAll(async () => {
  store = await embeddedStore();
});
afterAll(() => store.close());

describe('the embedded store', () => {
  it('answers several connections about the same data', async () => {
    await store.connection('commands').set('a', '1');
    expect(await store.connection('blocking').get('a')).toBe('1');
  });

  it('says that nothing in it will survive, and would not pass for one that does', async () => {
    expect(store.durable).toBe(false);
    const checked = checkDurable(store.connection('commands'), {
      name: store.name,
      sentinels: false,
    });
    await expect(checked).rejects.toMatchObject({
      code: 'store.volatile',
      message: expect.stringContaining(
        'the embedded store may lose what it acknowledged: appendonly is no, not yes',
      ),
    });
  });

  it('refuses to vouch for a store that does not let itself be asked', async () => {
    const redis = store.connection('commands');
    await redis.acl('SETUSER', 'managed', 'on', '>pw', '~*', '+@all', '-config');
    await redis.auth('managed', 'pw');
    await expect(
      checkDurable(redis, { name: 'Redis at x', sentinels: false }),
    ).rejects.toMatchObject({
      code: 'store.unchecked',
      next: 'Start a bot first, which looks for its workers; or allow this Redis user `CONFIG GET`.',
    });
  });

  it('prints nothing, and does not keep its process from ending', async () => {
    const script = `
      const { embeddedStore } = await import(${JSON.stringify(MODULE.href)});
      const store = await embeddedStore();
      await store.connection('commands').ping();
      await store.close();`;
    const run = promisify(execFile);
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script]);
    expect([stdout, stderr]).toEqual(['', '']);
  });
});

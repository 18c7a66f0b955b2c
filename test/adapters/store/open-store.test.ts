import { describe, expect, it } from 'vitest';
import { openStore } from '../../../src/adapters/store/open-store.ts';

describe('opening the store', () => {
  it('tells both ways to get one where there is none', async () => {
    await expect(openStore({ env: { PATH: '/nonexistent' } })).rejects.toMatchObject({
      code: 'store.missing',
      message:
        'There is no store: REDIS_URL is not set, and neither redis-server nor valkey-server is on the PATH',
      next: 'Set REDIS_URL to a Redis or Valkey, or install one (Debian: `apt install redis-server`).',
    });
  });

  it('says that a store cannot be reached, without its password', async () => {
    const lines: string[] = [];
    const opened = openStore({
      env: { REDIS_URL: 'redis://bot:geheim@127.0.0.1:1' },
      log: (line) => lines.push(line),
    });
    await expect(opened).rejects.toMatchObject({ code: 'store.unreachable', effect: 'none' });
    expect(lines.join()).toContain('Redis at 127.0.0.1:1: connect ECONNREFUSED');
    expect(lines.join()).not.toContain('geheim');
  });
});

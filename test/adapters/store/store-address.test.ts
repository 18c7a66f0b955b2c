import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storeAddress } from '../../../src/adapters/store/store-address.ts';

describe('the address of the store', () => {
  it('is none where the environment names none', () => {
    expect(storeAddress({})).toBeUndefined();
    expect(storeAddress({ REDIS_URL: '' })).toBeUndefined();
  });

  it('has user, password, port and database, of which people see only where it is', () => {
    expect(storeAddress({ REDIS_URL: 'redis://bot:ge%40heim@[::1]:7000/2' })).toEqual({
      shown: '[::1]:7000',
      sentinels: false,
      options: { host: '::1', port: 7000, db: 2, username: 'bot', password: 'ge@heim' },
    });
  });

  it('takes credentials, and the address itself, from files that are named', ({
    onTestFinished,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'sb-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = (name: string, content: string) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const env = {
      REDIS_URL_FILE: file('url', 'rediss://nobody@redis.example.org\n'),
      REDIS_USERNAME: 'signalbox-bot',
      REDIS_PASSWORD_FILE: file('password', 'geheim\n'),
      REDIS_CA_FILE: file('ca', 'AUTHORITY'),
    };
    expect(storeAddress(env)?.options).toEqual({
      host: 'redis.example.org',
      port: 6379,
      username: 'signalbox-bot',
      password: 'geheim',
      tls: { ca: 'AUTHORITY' },
    });
  });

  it('may be that of Sentinels, with the name that they know the primary by', () => {
    const found = storeAddress({
      REDIS_URL: 'rediss+sentinel://bot@s1.example.org:26380,s2.example.org,[::1]:1/farm',
      REDIS_PASSWORD: 'geheim',
      REDIS_SENTINEL_PASSWORD: 'other',
    });
    expect(found).toMatchObject({
      shown: 'farm of s1.example.org:26380,s2.example.org,[::1]:1',
      sentinels: true,
      options: {
        name: 'farm',
        sentinels: [
          { host: 's1.example.org', port: 26380 },
          { host: 's2.example.org', port: 26379 },
          { host: '::1', port: 1 },
        ],
        username: 'bot',
        password: 'geheim',
        sentinelPassword: 'other',
        enableTLSForSentinelMode: true,
      },
    });
  });

  it('is refused when nobody could reach it, without what was secret in it', () => {
    const bad = (REDIS_URL: string) => () => storeAddress({ REDIS_URL });
    expect(bad('http://a:geheim@b')).toThrow('http://b is not the address of a store');
    expect(bad('redis+sentinel://a:1,b:2')).toThrow('not the address of a store');
    expect(bad('redis+sentinel://x:geheim@a:1:2/farm')).toThrow('a:1:2 is not the address');
  });

  it('says which file it could not read', () => {
    const env = { REDIS_URL: 'redis://a', REDIS_PASSWORD_FILE: '/nonexistent' };
    expect(() => storeAddress(env)).toThrow(
      'What REDIS_PASSWORD_FILE names cannot be read: ENOENT',
    );
  });
});

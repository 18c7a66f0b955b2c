import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { HostName, OpId, ZoneName } from '../../../domain/ids.ts';
import { luaScript } from '../../store/lua-script.ts';
import { reading, writing } from '../../store/store-failure.ts';
import { type InstallTokens, KeptReport, OpenInstall, type ReportTaken } from './install-tokens.ts';

/** Longer than any operation waits for an answer; what is closed is of no use to anybody by then. */
const EXPIRES_AFTER_S = 31 * 24 * 60 * 60;

/**
 * KEYS: the token, the operation's token, the host's token. ARGV: the install, the token itself, how long it is kept. A
 * token that is known already stays as it is.
 */
const OPEN = `
if redis.call('exists', KEYS[1]) == 1 then return 0 end
local earlier = redis.call('get', KEYS[2])
if earlier and redis.call('exists', earlier) == 1 then redis.call('hset', earlier, 'open', '0') end
redis.call('hset', KEYS[1], 'open', '1', 'install', ARGV[1], 'token', ARGV[2])
redis.call('set', KEYS[2], KEYS[1], 'EX', ARGV[3])
redis.call('set', KEYS[3], KEYS[1], 'EX', ARGV[3])
redis.call('expire', KEYS[1], ARGV[3])
return 1
`;

/** KEYS: the token. ARGV: the report. */
const REPORT = `
local open, report = unpack(redis.call('hmget', KEYS[1], 'open', 'report'))
if report then return report == ARGV[1] and 'same' or 'refused' end
if open ~= '1' then return 'refused' end
redis.call('hset', KEYS[1], 'report', ARGV[1], 'open', '0')
return 'taken'
`;

/** KEYS: the operation's token. */
const CLOSE = `
local token = redis.call('get', KEYS[1])
if token and redis.call('exists', token) == 1 then redis.call('hset', token, 'open', '0') end
return 1
`;

/** Every key starts with the zone's prefix, so that a Redis user may have one zone and no other. */
export function redisInstallTokens(
  redis: Redis,
  { zone, prefix = 'sb:' }: { readonly zone: ZoneName; readonly prefix?: string },
): InstallTokens {
  const keyOf = (rest: string) => `${prefix}z:${zone}:install:${rest}`;
  const ofOperation = (op: OpId, host: HostName) => keyOf(`op:${op}:${host}`);
  const ofHost = (host: HostName) => keyOf(`host:${host}`);
  // Looked up by its digest, so that how long it takes says nothing about a token that is nearly right.
  const ofToken = (token: string) =>
    keyOf(`token:${createHash('sha256').update(token).digest('hex')}`);
  const open = luaScript(redis, OPEN);
  const report = luaScript(redis, REPORT);
  const close = luaScript(redis, CLOSE);
  const fieldsOf = (key: string) => reading(redis.hmget(key, 'open', 'install', 'token', 'report'));
  return {
    async open(token, install) {
      const { op, host } = install;
      const keys = [ofToken(token), ofOperation(op, host), ofHost(host)];
      await writing(open(keys, [JSON.stringify(install), token, EXPIRES_AFTER_S]));
    },
    async find(token) {
      const [isOpen, install] = await fieldsOf(ofToken(token));
      return isOpen === '1' ? OpenInstall.parse(JSON.parse(install ?? '')) : undefined;
    },
    async findReported(token) {
      const [isOpen, install, , reported] = await fieldsOf(ofToken(token));
      const isKnown = isOpen === '1' || (reported ?? null) !== null;
      return isKnown ? OpenInstall.parse(JSON.parse(install ?? '')) : undefined;
    },
    async tokenOf(host) {
      const key = await reading(redis.get(ofHost(host)));
      if (key === null) return undefined;
      const [isOpen, , token] = await fieldsOf(key);
      return isOpen === '1' ? (token ?? undefined) : undefined;
    },
    async report(token, { nonce, image, hostKey, bootId }) {
      // In one order of its fields, so that the same report is the same text.
      const text = JSON.stringify({ nonce, image, hostKey, bootId });
      return (await writing(report([ofToken(token)], [text]))) as ReportTaken;
    },
    async reportOf(op, host) {
      const key = await reading(redis.get(ofOperation(op, host)));
      const text = key === null ? null : await reading(redis.hget(key, 'report'));
      if (text === null) return undefined;
      const { nonce, image, hostKey } = KeptReport.parse(JSON.parse(text));
      return { nonce, image, hostKey };
    },
    async close(op, host) {
      await writing(close([ofOperation(op, host)], []));
    },
  };
}

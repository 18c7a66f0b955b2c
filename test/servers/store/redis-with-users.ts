import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { writeAclFile } from '../../../src/adapters/store/acl-file.ts';
import { aclUsers } from '../../../src/adapters/store/acl-users.ts';
import type { ZoneName } from '../../../src/domain/ids.ts';
import { type RealRedis, realRedis } from '../program/real-redis.ts';

/** A real Redis that knows only the users that `signalbox store acl` wrote. Its own url is that of its administrator. */
export interface RedisWithUsers extends RealRedis {
  /** What a process is given to reach it as one of the users. */
  environmentOf(user: string): Readonly<Record<string, string>>;
  /** A connection as one of the users. */
  as(user: string): Promise<Redis>;
}

export async function redisWithUsers(zones: readonly ZoneName[]): Promise<RedisWithUsers> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-users-'));
  await writeAclFile(folder, aclUsers(zones));
  const passwordFileOf = (user: string) => join(folder, `${user}.password`);
  const passwordOf = async (user: string) => (await readFile(passwordFileOf(user), 'utf8')).trim();
  const redis = await realRedis({
    lines: [`aclfile "${join(folder, 'users.acl')}"`],
    login: `signalbox-admin:${await passwordOf('signalbox-admin')}`,
  });
  const connections: Redis[] = [];
  const { host, port, hostname } = new URL(redis.url);
  return {
    ...redis,
    environmentOf: (user) => ({
      REDIS_URL: `redis://${user}@${host}`,
      REDIS_PASSWORD_FILE: passwordFileOf(user),
    }),
    async as(user) {
      const login = { username: user, password: await passwordOf(user) };
      const connection = new Redis({ host: hostname, port: Number(port), ...login });
      connections.push(connection);
      return connection;
    },
    async close() {
      for (const connection of connections) connection.disconnect();
      await redis.close();
      await rm(folder, { recursive: true });
    },
  };
}

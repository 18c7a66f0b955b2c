import type { Redis } from 'ioredis';
import type { Role } from './key-rights.ts';
import { keysOf } from './key-rights.ts';
import { isReplyError, refusesUser } from './reply-error.ts';
import { reading } from './store-failure.ts';

/** A key that nobody has, under a pattern. */
const NOBODYS = 'rights-looked-at';

/** The user that a connection is logged in as; undefined where Redis does not tell. */
export async function userOfConnection(redis: Redis): Promise<string | undefined> {
  const answer = await reading(redis.call('ACL', 'WHOAMI').catch(unlessLost));
  return typeof answer === 'string' ? answer : undefined;
}

/** What a role needs and this user may not, as Redis writes it. It is tried out, and changes nothing. */
export async function lackingRights(redis: Redis, role: Role): Promise<readonly string[]> {
  const tried = keysOf(role).flatMap(({ right, keys }) => {
    const key = keys.replaceAll('*', NOBODYS);
    return [
      // Rights are looked at before the kind of key.
      ...(right.includes('R') ? [{ needed: `%R~${keys}`, command: ['GET', key] }] : []),
      // Does nothing to a key that does not expire, or is not there.
      ...(right.includes('W') ? [{ needed: `%W~${keys}`, command: ['PERSIST', key] }] : []),
    ];
  });
  return refusedOf(redis, [...tried, ...COMMANDS]);
}

/** What else the roles' processes cannot do without. */
const COMMANDS = [
  { needed: '+info', command: ['INFO', 'server'] },
  { needed: '+time', command: ['TIME'] },
  { needed: '+eval', command: ['EVAL', 'return 1', '0'] },
  { needed: '+wait', command: ['WAIT', '0', '0'] },
];

/** Zones other than its own that a worker's user could read: nothing keeps those apart then. */
export async function foreignZones(
  redis: Redis,
  zones: readonly string[],
  prefix = 'sb:',
): Promise<readonly string[]> {
  const tried = zones.map((zone) => ({
    needed: zone,
    command: ['GET', `${prefix}z:${zone}:heads`],
  }));
  const refused = await refusedOf(redis, tried);
  return zones.filter((zone) => !refused.includes(zone));
}

interface Tried {
  readonly needed: string;
  readonly command: readonly string[];
}

async function refusedOf(redis: Redis, tried: readonly Tried[]): Promise<readonly string[]> {
  const answers = await Promise.all(
    tried.map(({ command: [name = '', ...args] }) =>
      reading(redis.call(name, ...args).catch(unlessLost)),
    ),
  );
  return tried.flatMap(({ needed }, place) => (refusesUser(answers[place]) ? [needed] : []));
}

/** An answer that says no is one. */
function unlessLost(problem: unknown): Error {
  if (isReplyError(problem)) return problem;
  throw problem;
}

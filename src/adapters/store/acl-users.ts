import type { ZoneName } from '../../domain/ids.ts';
import { keysOf, type Role } from './key-rights.ts';

export interface AclUser {
  readonly name: string;
  /** What `ACL SETUSER` is told after the name, without a password. */
  readonly rules: readonly string[];
}

/**
 * What our scripts, our connections and BullMQ use. Left out of reading and writing: whatever sees or changes keys
 * without naming them, because no pattern holds there.
 */
const COMMANDS = [
  '-@all',
  '+@read',
  '+@write',
  '-@dangerous',
  '-scan',
  '-randomkey',
  '-dbsize',
  '-function',
  '+eval',
  '+evalsha',
  '+multi',
  '+exec',
  '+discard',
  '+wait',
  '+time',
  '+info',
  '+auth',
  '+hello',
  '+ping',
  '+quit',
  '+client|setname',
  '+acl|whoami',
];

/** `CONFIG GET` shows the passwords of replication, and with those every key: only who may see every zone has it. */
const OF_BOT = ['+config|get'];

function aclUser(role: Role): AclUser {
  const keys = keysOf(role).map(({ right, keys: pattern }) => `%${right}~${pattern}`);
  const commands = role.kind === 'bot' ? [...COMMANDS, ...OF_BOT] : COMMANDS;
  return { name: userOf(role), rules: ['resetkeys', 'resetchannels', ...keys, ...commands] };
}

function userOf(role: Role): string {
  return role.kind === 'bot' ? 'signalbox-bot' : `signalbox-worker-${role.zone}`;
}

/** The role that a user of ours was made for; undefined for everybody else's. */
export function roleOf(user: string, zones: readonly ZoneName[]): Role | undefined {
  const workers = zones.map((zone): Role => ({ kind: 'worker', zone }));
  return [{ kind: 'bot' } as const, ...workers].find((role) => userOf(role) === user);
}

/** One for each role and zone; beside them whoever looks after Redis, its replicas and its Sentinels. */
export function aclUsers(zones: readonly ZoneName[]): readonly AclUser[] {
  const workers = zones.map((zone) => aclUser({ kind: 'worker', zone }));
  return [...SERVICE_USERS, aclUser({ kind: 'bot' }), ...workers];
}

/** As redis.io says what replication and Sentinel need. */
const SERVICE_USERS: readonly AclUser[] = [
  { name: 'signalbox-admin', rules: ['allkeys', 'allchannels', '+@all'] },
  {
    name: 'signalbox-replica',
    rules: ['resetkeys', 'resetchannels', '-@all', '+psync', '+replconf', '+ping'],
  },
  {
    name: 'signalbox-sentinel',
    rules: [
      'resetkeys',
      'allchannels',
      '-@all',
      '+multi',
      '+slaveof',
      '+ping',
      '+exec',
      '+subscribe',
      '+config|rewrite',
      '+role',
      '+publish',
      '+info',
      '+client|setname',
      '+client|kill',
      '+script|kill',
    ],
  },
];

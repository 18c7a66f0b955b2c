import { type HostName, OpId, type PoolName } from '../../domain/ids.ts';
import type { Host, Pool } from '../../domain/inventory.ts';
import { nearestWord } from '../../domain/nearest-word.ts';
import type { HeldClaim } from '../../jobs/journal/journal.ts';
import { lockedBy } from '../../policies/interlocks.ts';
import type { Bot } from '../bot.ts';
import { defineCommand, type Reply } from '../command.ts';
import { foldHosts } from '../grammar/fold-hosts.ts';
import { counted, joined } from '../narrator/in-words.ts';
import { textOf } from '../op-argument.ts';
import { operationLine } from '../operation-line.ts';
import { readOnlyInWords } from '../watch-store.ts';

export default defineCommand({
  spec: {
    name: 'status',
    summary: 'How everything is, or one host, pool or operation.',
    risk: 'read-only',
    positional: [
      { name: 'what', kind: 'word', required: false, expected: 'a host, a pool or an operation' },
    ],
    options: [],
    flags: [],
    examples: ['status', 'status builder-07', 'status @builders', 'status op-7k2m'],
  },
  rights: 'rule',
  async run({ args }, bot) {
    const what = textOf(args, 'what');
    if (what === undefined) return everything(bot);
    const { hosts, pools } = bot.inventory();
    const op = OpId.safeParse(what);
    if (op.success) return oneOperation(op.data, bot);
    const pool = pools.get(what.replace(/^@/, '') as PoolName);
    if (pool !== undefined) return [await poolLine(pool, bot)];
    const host = hosts.get(what as HostName);
    if (host !== undefined) return oneHost(host, bot);
    const near = nearestWord(what, [...hosts.keys(), ...pools.keys()]);
    return [`there is no host, pool or operation ${what}${near ? `, did you mean ${near}?` : ''}`];
  },
});

async function everything(bot: Bot): Promise<Reply> {
  const { hosts, pools } = bot.inventory();
  const open = await bot.operations.open();
  const waiting = await open.waiting();
  const head = joined([
    `${counted(hosts.size, 'host')} in ${counted(pools.size, 'pool')}`,
    `${counted(open.count, 'operation')} open`,
    waiting > 0 && `${waiting} waiting for somebody`,
  ]);
  const lines = await Promise.all([...pools.values()].map((pool) => poolLine(pool, bot)));
  const readOnly = await bot.readOnly();
  const warning = readOnly === undefined ? [] : [readOnlyInWords(readOnly)];
  return [...warning, head, ...lines, ...(await bot.reloading.differing())];
}

async function poolLine({ name, hosts }: Pool, bot: Bot): Promise<string> {
  const away = await bot.outOfService(name, 'cached');
  if (away === undefined)
    return `@${name}: ${counted(hosts.length, 'host')}, the build system does not answer`;
  const out = away.length > 0 ? `, away: ${folded(away)}` : '';
  return `@${name}: ${hosts.length - away.length}/${hosts.length} in service${out}`;
}

/** A thousand names take a while to fold, and the build system's answer is the same one for some time. */
const known = new WeakMap<readonly HostName[], string>();

function folded(hosts: readonly HostName[]): string {
  const text = known.get(hosts) ?? foldHosts(hosts);
  known.set(hosts, text);
  return text;
}

async function oneHost(
  { name, kind, pool, environment, architecture, image, zone }: Host,
  bot: Bot,
): Promise<Reply> {
  const { held } = await bot.journal.claims(zone);
  const keys = [`host/${name}`, `pool/${pool}`];
  const locks = held.filter(({ claim }) => claim.kind === 'lock' && keys.includes(claim.key));
  const away = pool && (await bot.outOfService(pool, 'cached'));
  const service = away && (away.includes(name) ? 'out of service' : 'in service');
  const where = joined([
    `${name}: ${kind} ${architecture}`,
    environment,
    pool && `@${pool}`,
    image,
    service,
  ]);
  return [where, ...(await Promise.all(locks.map((lock) => holderLine(lock, bot))))];
}

async function holderLine(lock: HeldClaim, bot: Bot): Promise<string> {
  const operation = lock.op && (await bot.operations.get(lock.op));
  return operation ? operationLine(operation.state, bot) : lockedBy(lock, bot);
}

async function oneOperation(op: OpId, bot: Bot): Promise<Reply> {
  const operation = await bot.operations.get(op);
  return [operation ? await operationLine(operation.state, bot) : `there is no ${op}`];
}

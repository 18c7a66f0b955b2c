import { type HostName, OpId, type PoolName, type ServiceName } from '../../domain/ids.ts';
import type { Host, Pool } from '../../domain/inventory.ts';
import { nearestWord } from '../../domain/nearest-word.ts';
import type { Service } from '../../domain/service.ts';
import { failuresInARow } from '../../jobs/engine/count-failures.ts';
import type { HeldClaim } from '../../jobs/journal/journal.ts';
import { lockedBy } from '../../policies/locks.ts';
import type { Bot } from '../bot.ts';
import { defineCommand, type Reply } from '../command.ts';
import { freezeLines, freezeLinesOf } from '../freezes-shown.ts';
import { foldHosts } from '../grammar/fold-hosts.ts';
import { counted, joined } from '../narrator/in-words.ts';
import { textOf } from '../op-argument.ts';
import type { Operation } from '../operations.ts';
import { type Reader, readerOf } from '../reader.ts';
import { publicServiceLine, serviceLines } from '../service-lines.ts';
import { readOnlyInWords } from '../watch-store.ts';

const SHOWN = 3;
const NOTHING_CHANGES = 'READ-ONLY: nothing is started or changed for now';

export default defineCommand({
  spec: {
    name: 'status',
    summary: 'How everything is, or one host, pool, service or operation.',
    risk: 'read-only',
    positional: [
      {
        name: 'what',
        kind: 'word',
        required: false,
        expected: 'a host, a pool, a service or an operation',
      },
    ],
    options: [],
    flags: [],
    examples: ['status', 'status builder-07', 'status @builders', 'status op-7k2m'],
  },
  rights: 'rule',
  async run({ args, asker, later }, bot) {
    const what = textOf(args, 'what');
    const reader = readerOf(asker.person, bot);
    if (what === undefined) return everything(reader, bot);
    const { pools } = bot.inventory();
    const op = OpId.safeParse(what);
    if (op.success) return oneOperation(op.data, reader, bot);
    const service = bot.inventory().services.get(what as ServiceName);
    if (service !== undefined) {
      // It goes to the members and the DNS servers, which may take their time.
      later((signal) => oneService(service, reader, bot, signal));
      return [];
    }
    const pool = pools.get(what.replace(/^@/, '') as PoolName);
    if (pool !== undefined) return [await poolLine(pool, reader, bot)];
    const host = reader.hosts.get(what as HostName);
    if (host !== undefined) return oneHost(host, reader, bot);
    const services = bot.inventory().services.keys();
    const near = nearestWord(what, [...reader.hosts.keys(), ...pools.keys(), ...services]);
    return [
      `there is no host, pool, service or operation ${what}${near ? `, did you mean ${near}?` : ''}`,
    ];
  },
});

async function everything(reader: Reader, bot: Bot): Promise<Reply> {
  const { pools } = bot.inventory();
  const open = await bot.operations.open();
  const waiting = await open.waiting();
  const head = joined([
    `${counted(reader.hosts.size, 'host')} in ${counted(pools.size, 'pool')}`,
    `${counted(open.count, 'operation')} open`,
    waiting > 0 && `${waiting} waiting for somebody`,
  ]);
  const lines = await Promise.all([...pools.values()].map((pool) => poolLine(pool, reader, bot)));
  const work = await linesOf(await open.newest(SHOWN), reader);
  const left = reader.isKnown ? open.count - work.length : 0;
  const more = left > 0 ? [`and ${left} more: ${bot.prefix}ops lists them`] : [];
  const readOnly = await bot.readOnly();
  const why = reader.isKnown ? readOnlyInWords : () => NOTHING_CHANGES;
  const warning = readOnly === undefined ? [] : [why(readOnly)];
  const frozen = openTo(reader, await freezeLines(bot));
  const differing = reader.isKnown ? await bot.reloading.differing() : [];
  return [...warning, ...frozen, head, ...lines, ...work, ...more, ...differing];
}

async function oneService(
  service: Service,
  { isKnown }: Reader,
  bot: Bot,
  signal: AbortSignal,
): Promise<Reply> {
  if (!isKnown) return [await publicServiceLine(service, bot, signal)];
  return serviceLines(service, bot, signal);
}

async function linesOf(operations: readonly Operation[], { line }: Reader): Promise<Reply> {
  const lines = await Promise.all(operations.map(({ state }) => line(state)));
  return lines.filter((one) => one !== undefined);
}

async function poolLine({ name, hosts }: Pool, reader: Reader, bot: Bot): Promise<string> {
  const [first] = hosts;
  const zone = first && bot.inventory().hosts.get(first)?.zone;
  if (zone !== undefined && !bot.hasFarm(zone)) return `@${name}: ${counted(hosts.length, 'host')}`;
  const away = await bot.outOfService(name, 'cached');
  if (away === undefined)
    return `@${name}: ${counted(hosts.length, 'host')}, the build system does not answer`;
  const named = away.every((host) => reader.hosts.has(host)) ? away : undefined;
  const out = away.length > 0 && named ? `, away: ${folded(named)}` : '';
  return `@${name}: ${hosts.length - away.length}/${hosts.length} in service${out}`;
}

/** A thousand names take a while to fold, and the build system's answer is the same one for some time. */
const known = new WeakMap<readonly HostName[], string>();

function folded(hosts: readonly HostName[]): string {
  const text = known.get(hosts) ?? foldHosts(hosts);
  known.set(hosts, text);
  return text;
}

async function oneHost(host: Host, reader: Reader, bot: Bot): Promise<Reply> {
  const { name, kind, pool, environment, architecture, image, zone } = host;
  const { held } = await bot.journal.claims(zone);
  const keys = [`host/${name}`, `pool/${pool}`, `quarantine/${name}`];
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
  const holders = await Promise.all(locks.map((lock) => holderLine(lock, reader, bot)));
  const frozen = openTo(reader, await freezeLinesOf(host, bot));
  const failures = failuresInARow(held, name);
  const failed = failures > 0 && reader.isKnown ? [`it failed ${times(failures)} in a row`] : [];
  return [where, ...failed, ...frozen, ...holders.filter((line) => line !== undefined)];
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** Who froze it and why is for people whom the directory knows. */
function openTo(reader: Reader, freezes: Reply): Reply {
  return reader.isKnown || freezes.length === 0 ? freezes : ['frozen: nothing starts now'];
}

async function holderLine(lock: HeldClaim, reader: Reader, bot: Bot): Promise<string | undefined> {
  const operation = lock.op && (await bot.operations.get(lock.op));
  if (operation) return reader.line(operation.state);
  return reader.isKnown ? lockedBy(lock, bot) : 'locked by hand';
}

async function oneOperation(op: OpId, { line }: Reader, bot: Bot): Promise<Reply> {
  const operation = await bot.operations.get(op);
  return [(operation && (await line(operation.state))) ?? `there is no ${op}`];
}

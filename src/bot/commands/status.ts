import { type HostName, OpId, type PoolName, type ServiceName } from '../../domain/ids.ts';
import type { Host } from '../../domain/inventory.ts';
import { nearestWord } from '../../domain/nearest-word.ts';
import type { Service } from '../../domain/service.ts';
import { failuresInARow } from '../../jobs/engine/count-failures.ts';
import type { HeldClaim } from '../../jobs/journal/journal.ts';
import { lockedBy } from '../../policies/locks.ts';
import type { Bot } from '../bot.ts';
import { defineCommand, type Reply } from '../command.ts';
import { freezeLinesOf } from '../freezes-shown.ts';
import { joined } from '../narrator/in-words.ts';
import { textOf } from '../op-argument.ts';
import { type Reader, readerOf } from '../reader.ts';
import { publicServiceLine, serviceLines } from '../service-lines.ts';
import { poolLine } from '../status/pool-line.ts';
import { openTo, statusLines } from '../status/status-lines.ts';

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
  const lines = await statusLines(reader, bot);
  const differing = reader.isKnown ? await bot.reloading.differing() : [];
  return [...lines, ...differing];
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

async function holderLine(lock: HeldClaim, reader: Reader, bot: Bot): Promise<string | undefined> {
  const operation = lock.op && (await bot.operations.get(lock.op));
  if (operation) return reader.line(operation.state);
  return reader.isKnown ? lockedBy(lock, bot) : 'locked by hand';
}

async function oneOperation(op: OpId, { line }: Reader, bot: Bot): Promise<Reply> {
  const operation = await bot.operations.get(op);
  return [(operation && (await line(operation.state))) ?? `there is no ${op}`];
}

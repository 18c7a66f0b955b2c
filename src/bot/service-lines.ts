import { rootMessage } from '../domain/failure.ts';
import type { HostName } from '../domain/ids.ts';
import type { Service } from '../domain/service.ts';
import type { CheckResult } from '../domain/service-check.ts';
import type { NameLook, ServerAnswer } from '../jobs/ports/dns-zone.ts';
import type { ReadPorts } from '../jobs/ports/ports.ts';
import type { LastSwap } from '../jobs/ports/swap-record.ts';
import { minute } from '../policies/minute.ts';
import { storageVerdict } from '../policies/storage-verdict.ts';
import type { Bot } from './bot.ts';
import type { Reply } from './command.ts';
import { duration, joined } from './narrator/in-words.ts';
import { OUTCOMES } from './narrator/report.ts';

/** A service as it is: read from the world, one line for each thing that was asked. */
export async function serviceLines(
  service: Service,
  bot: Bot,
  signal: AbortSignal,
): Promise<Reply> {
  const read = bot.read(service.zone);
  const last = await read.swaps?.last(service.name).catch(() => undefined);
  const [active, members, storage, builders] = await Promise.all([
    activeLines(service, read, signal),
    memberLines(service, { read, last, now: bot.now() }, bot, signal),
    storageLines(service, read, signal),
    builderLines(service, read, bot, signal),
  ]);
  return [...active, ...members, ...storage, ...builders, lastLine(last)];
}

/** What anybody may hear of it: no names of hosts, and nothing that a server wrote. */
export async function publicServiceLine(
  service: Service,
  bot: Bot,
  signal: AbortSignal,
): Promise<string> {
  const { held } = await bot.journal.claims(service.zone);
  const key = `service/${service.name}`;
  const isBusy = held.some(({ claim }) => claim.kind === 'lock' && claim.key === key);
  const active = await activeMember(service, bot.read(service.zone), signal);
  const state = active === undefined ? 'unclear' : 'in service';
  return joined([`${service.name}: ${state}`, isBusy && 'being worked on']);
}

/** The member that every DNS server says the service's name points at; undefined where they do not, or nobody knows. */
export async function activeMember(
  service: Service,
  read: Pick<ReadPorts, 'dns'>,
  signal: AbortSignal,
): Promise<HostName | undefined> {
  const looked = await lookAt(service, read, signal);
  return looked.kind === 'look' ? activeIn(looked.look, service) : undefined;
}

type Looked =
  | { readonly kind: 'look'; readonly look: NameLook }
  | { readonly kind: 'failed'; readonly because: string };

async function lookAt(
  { dns }: Service,
  read: Pick<ReadPorts, 'dns'>,
  signal: AbortSignal,
): Promise<Looked> {
  try {
    return { kind: 'look', look: await read.dns.look(dns.name, signal) };
  } catch (problem) {
    return { kind: 'failed', because: rootMessage(problem) };
  }
}

async function activeLines(service: Service, read: ReadPorts, signal: AbortSignal): Promise<Reply> {
  const looked = await lookAt(service, read, signal);
  if (looked.kind === 'failed') return [`${service.name}: nobody knows: ${looked.because}`];
  const head = `${service.name}: ${activeInWords(looked.look, service)}`;
  return [head, ...looked.look.servers.map((answer) => `  ${said(answer)}`)];
}

function activeInWords(look: NameLook, service: Service): string {
  if (targets(look).size > 1) return 'the DNS servers DISAGREE';
  return memberInWords(activeIn(look, service));
}

export function memberInWords(active: HostName | undefined): string {
  return active
    ? `${active} is active, as every DNS server says`
    : 'nobody knows which member is active';
}

function activeIn(look: NameLook, { members }: Service): HostName | undefined {
  const [target, ...others] = targets(look);
  if (others.length > 0) return undefined;
  return members.find(({ pointsAt }) => pointsAt === target)?.host;
}

function targets({ servers }: NameLook): ReadonlySet<string> {
  return new Set(servers.map((answer) => targetOf(answer) ?? `nothing from ${answer.server}`));
}

function targetOf(answer: ServerAnswer): string | undefined {
  return answer.kind === 'answered' ? answer.records[0]?.value : undefined;
}

function said(answer: ServerAnswer): string {
  if (answer.kind === 'silent') return `${answer.server}: no answer: ${answer.because}`;
  const [record] = answer.records;
  const shows = record ? `${record.value}, TTL ${record.ttlS} s` : 'no such record';
  return `${answer.server}: ${shows}, serial ${answer.serial}`;
}

interface Facts {
  readonly read: ReadPorts;
  readonly last: LastSwap | undefined;
  readonly now: number;
}

async function memberLines(
  service: Service,
  facts: Facts,
  bot: Bot,
  signal: AbortSignal,
): Promise<Reply> {
  return Promise.all(
    service.members.map(async ({ host, carries }) => {
      const health = await healthOf(service, host, facts.read, bot, signal);
      const carried = carries.length > 0 && `carries ${carries.join(', ')}`;
      return `  ${joined([`${host}: ${health}`, provedLine(host, facts), carried])}`;
    }),
  );
}

function provedLine(host: HostName, { last, now }: Facts): string {
  const at = last?.provedAt.get(host);
  return at === undefined ? 'not proved in a swap yet' : `proved ${duration(now - at)} ago`;
}

/** Asked once each, at the member's own address. */
async function healthOf(
  { checks, standbyChecks, dns }: Service,
  host: HostName,
  read: ReadPorts,
  bot: Bot,
  signal: AbortSignal,
): Promise<string> {
  const address = bot.inventory().hosts.get(host)?.address ?? host;
  const aim = { kind: 'member', host, address, name: dns.name } as const;
  try {
    const asked = [...checks, ...standbyChecks].map(async (check) => ({
      name: check.name,
      result: await read.checks.probe(check, aim, signal),
    }));
    const bad = (await Promise.all(asked)).filter(({ result }) => result.kind !== 'passed');
    return bad.length === 0
      ? 'healthy'
      : bad.map(({ name, result }) => `${name}: ${came(result)}`).join(', ');
  } catch (problem) {
    return `nobody knows: ${rootMessage(problem)}`;
  }
}

function came(result: CheckResult): string {
  if (result.kind === 'unknown') return `nobody knows: ${result.because}`;
  return result.came;
}

async function storageLines(
  { storage }: Service,
  read: ReadPorts,
  signal: AbortSignal,
): Promise<Reply> {
  if (storage === undefined) return [];
  try {
    const verdict = storageVerdict(await read.storage.health(signal), storage.tolerates);
    return [
      `  storage: ${joined([verdict.kind, ...('because' in verdict ? verdict.because : [])])}`,
    ];
  } catch (problem) {
    return [`  storage: nobody knows: ${rootMessage(problem)}`];
  }
}

async function builderLines(
  { builders, members }: Service,
  read: ReadPorts,
  bot: Bot,
  signal: AbortSignal,
): Promise<Reply> {
  if (builders === undefined) return [];
  const all = [...bot.inventory().hosts.values()].filter(({ pool }) => pool === builders);
  return Promise.all(
    members.map(async ({ host }) => {
      const guests = all.filter(({ hypervisor }) => hypervisor === host).map(({ name }) => name);
      const away = await read.farm.outOfService(guests, signal).catch(() => undefined);
      if (away === undefined) return `  builders on ${host}: the build system does not answer`;
      const on = guests.length - away.length;
      return `  builders on ${host}: ${on} of ${guests.length} in service`;
    }),
  );
}

function lastLine(last: LastSwap | undefined): string {
  if (last === undefined) return '  no swap is on record';
  const where = last.active ? `left ${last.active} active` : 'nobody knows what it left';
  return `  last: ${joined([`${last.op} from ${last.from} to ${last.to}`, OUTCOMES[last.outcome], minute(last.endedAt), where])}`;
}

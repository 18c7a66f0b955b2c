import { DNS_FAULTS, type DnsFaultKind } from '../adapters/simulated/dns/dns-faults.ts';
import type { ZoneWorld } from '../adapters/simulated/dns/zone-world.ts';
import { EFFECT_KINDS, type EffectKind } from '../adapters/simulated/fleet/effects.ts';
import { FAULTS, isFaultKind } from '../adapters/simulated/fleet/faults.ts';
import type { Fleet } from '../adapters/simulated/fleet/fleet.ts';
import { Failure } from '../domain/failure.ts';
import { nearestWord } from '../domain/nearest-word.ts';
import type { WorkerProcess } from './worker-process.ts';

const ALWAYS = 1_000_000;

export const LAB_HELP = [
  '/lab fail KIND HOST [once]  breaks something; /lab heal HOST mends it',
  `  kinds: ${Object.keys(FAULTS).join(', ')}`,
  '/lab fail KIND [once]       breaks the DNS server of compute.lab; /lab heal dns mends it',
  `  kinds: ${Object.keys(DNS_FAULTS).join(', ')}`,
  '/lab kill worker            ends it as kill -9 does; another takes over when its lease has run out',
  '/lab kill worker in KIND    the same at the very moment it starts such a command (claim, fire, put-file …)',
  '/lab once HOST              fails if a command of the last installation ran twice there',
];

export interface LabParts {
  readonly fleet: Fleet;
  readonly worker: WorkerProcess;
  /** Of the service, where the lab has one. */
  readonly zone?: ZoneWorld | undefined;
}

/** Breaks the lab on purpose. Returns what there is to say; a Failure for what it does not understand. */
export async function labCommand(
  line: string,
  { fleet, worker, zone }: LabParts,
): Promise<readonly string[]> {
  const [verb, what = '', where = '', times] = line.trim().split(/\s+/);
  switch (verb) {
    case 'fail':
      if (zone && isDnsFault(what)) return failDns(zone, what, where);
      return fail(fleet, what, where, times);
    case 'heal':
      if (zone && what === 'dns') return healDns(zone);
      fleet.heal(hostNamed(fleet, what));
      return [`${what} is mended`];
    case 'kill':
      return killWorker({ fleet, worker }, where, times);
    case 'once':
      return ranOnce(fleet, hostNamed(fleet, what));
    default:
      throw misunderstood(`lab ${line}`.trim(), `it is none of fail, heal, kill, once`);
  }
}

function isDnsFault(word: string): word is DnsFaultKind {
  return Object.hasOwn(DNS_FAULTS, word);
}

function failDns({ faults }: ZoneWorld, kind: DnsFaultKind, times: string): readonly string[] {
  faults.set(kind, times === 'once' ? 1 : ALWAYS);
  return [`dns: ${DNS_FAULTS[kind]}${times === 'once' ? ', once' : ', until it is mended'}`];
}

function healDns({ faults }: ZoneWorld): readonly string[] {
  for (const kind of Object.keys(DNS_FAULTS).filter(isDnsFault)) faults.set(kind, 0);
  return ['dns is mended'];
}

function fail(fleet: Fleet, kind: string, host: string, times: string | undefined) {
  if (!isFaultKind(kind)) {
    const near = nearestWord(kind, Object.keys(FAULTS));
    throw misunderstood(
      `fail ${kind}`.trim(),
      near ? `the nearest is ${near}` : `there are ${Object.keys(FAULTS).join(', ')}`,
    );
  }
  fleet.fail(hostNamed(fleet, host), kind, times === 'once' ? 1 : ALWAYS);
  return [`${host}: ${FAULTS[kind]}${times === 'once' ? ', once' : ', until it is mended'}`];
}

function killWorker(
  { fleet, worker }: { readonly fleet: Fleet; readonly worker: WorkerProcess },
  within: string,
  kind: string | undefined,
): readonly string[] {
  if (within === '') {
    worker.kill();
    return ['the worker was killed'];
  }
  if (within !== 'in' || !isEffectKind(kind)) {
    const wanted = ['kill worker', within, kind].filter(Boolean).join(' ');
    throw misunderstood(wanted, `expected in KIND, one of ${EFFECT_KINDS.join(', ')}`);
  }
  const before = countOf(fleet, kind);
  const watch = setInterval(() => {
    if (countOf(fleet, kind) === before) return;
    clearInterval(watch);
    worker.kill();
  }, 1);
  watch.unref();
  return [`the worker will be killed at its next ${kind}`];
}

function isEffectKind(word: string | undefined): word is EffectKind {
  return EFFECT_KINDS.some((kind) => kind === word);
}

function countOf({ effects }: Fleet, kind: EffectKind): number {
  return effects.filter((effect) => effect.kind === kind).length;
}

function ranOnce({ effects }: Fleet, host: string): readonly string[] {
  const mine = effects.filter((effect) => effect.host === host);
  const since = mine.findLastIndex(({ kind }) => kind === 'install');
  const commands = mine.slice(since + 1).filter(({ kind }) => kind === 'claim');
  const seen = new Set<string | undefined>();
  for (const { detail } of commands) {
    if (seen.has(detail)) throw misunderstood(`${detail} on ${host}`, 'it ran twice');
    seen.add(detail);
  }
  if (commands.length === 0) throw misunderstood(`commands on ${host}`, 'none was run');
  return [`each of ${commands.length} commands ran once on ${host}`];
}

function hostNamed(fleet: Fleet, name: string): string {
  const { hosts } = fleet.world();
  if (hosts.has(name)) return name;
  const near = nearestWord(name, hosts.keys());
  throw misunderstood(`host ${name}`, near ? `the nearest is ${near}` : 'the lab has no such host');
}

function misunderstood(problem: string, because: string): Failure {
  return new Failure({ code: 'lab.refused', problem, because, effect: 'none', next: 'See /help.' });
}

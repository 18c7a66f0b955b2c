import { HostName, PoolName, type ServiceName, type ZoneName } from '../domain/ids.ts';
import type { Host, Inventory } from '../domain/inventory.ts';
import { nearestWord } from '../domain/nearest-word.ts';
import { serviceTarget } from '../jobs/engine/ask-of.ts';
import type { ArgumentSpec, Arguments } from '../jobs/model/command-spec.ts';
import { authorize } from '../policies/authorize.ts';
import type { Target } from '../policies/target.ts';
import type { Bot } from './bot.ts';
import type { Asker, Reply } from './command.ts';
import { freshPerson } from './fresh-person.ts';
import { textOf } from './op-argument.ts';
import { refusal } from './refusal.ts';

export const LOCK_TARGET: ArgumentSpec = {
  name: 'target',
  kind: 'word',
  required: true,
  expected: 'a host such as builder-07, a pool such as @builders, or a service',
};

/** One host, one pool or one service. */
export interface LockTarget {
  readonly zone: ZoneName;
  /** `host/builder-07` or `pool/builders` */
  readonly key: string;
  /** `builder-07` or `@builders` */
  readonly shown: string;
  readonly target: Target;
}

/** What somebody may lock and unlock now; whoever may do the one may do the other. */
export async function lockable(
  args: Arguments,
  asker: Asker,
  bot: Bot,
): Promise<{ readonly what: LockTarget; readonly by: string } | { readonly refused: Reply }> {
  const what = lockTarget(textOf(args, 'target') ?? '', bot.inventory());
  if (typeof what === 'string') return { refused: [what] };
  const person = await freshPerson(asker, bot);
  if ('refused' in person) return person;
  const { known } = person;
  const { target } = what;
  const ask = { person: known, command: 'lock', risk: 'routine', target, from: asker } as const;
  const authorized = authorize(ask, bot.policy());
  if (authorized.kind === 'refuse') return { refused: [refusal(asker, authorized)] };
  return { what, by: known.id };
}

/** A text when there is no such thing. */
export function lockTarget(typed: string, inventory: Inventory): LockTarget | string {
  return typed.startsWith('@') ? poolTarget(typed, inventory) : hostTarget(typed, inventory);
}

function poolTarget(typed: string, { hosts, pools }: Inventory): LockTarget | string {
  const name = PoolName.safeParse(typed.slice(1));
  const pool = name.success ? pools.get(name.data) : undefined;
  const members = (pool?.hosts ?? []).flatMap((member) => hosts.get(member) ?? []);
  const [host] = members;
  if (pool === undefined || host === undefined) {
    const known = [...pools.keys()].map((one) => `@${one}`);
    return unknown(typed, 'pool', known);
  }
  const { environment } = host;
  // A right on one environment is none on a pool that has hosts in others.
  const isOfOne = members.every((one) => one.environment === environment);
  const target = { pool: pool.name, ...(isOfOne && { environment }) };
  return { zone: host.zone, key: `pool/${pool.name}`, shown: `@${pool.name}`, target };
}

function hostTarget(typed: string, inventory: Inventory): LockTarget | string {
  const { hosts, services } = inventory;
  const service = services.get(typed as ServiceName);
  if (service !== undefined) {
    const target = serviceTarget(service.name, inventory);
    return { zone: service.zone, key: `service/${typed}`, shown: typed, target };
  }
  const name = HostName.safeParse(typed);
  const host = name.success ? hosts.get(name.data) : undefined;
  if (host === undefined) return unknown(typed, 'host', [...hosts.keys(), ...services.keys()]);
  return { zone: host.zone, key: `host/${host.name}`, shown: host.name, target: targetOf(host) };
}

function targetOf({ name, pool, environment }: Host): Target {
  return { host: name, environment, ...(pool && { pool }) };
}

function unknown(typed: string, what: string, known: Iterable<string>): string {
  const near = nearestWord(typed, known);
  return `there is no ${what} ${typed}${near ? `, did you mean ${near}?` : ''}`;
}

import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import { serviceOf } from '../../../domain/in-inventory.ts';
import type { Inventory } from '../../../domain/inventory.ts';
import type { Service, ServiceMember } from '../../../domain/service.ts';
import { NothingToDo } from '../../model/nothing-to-do.ts';
import { digestOf } from '../../model/plan.ts';
import type { ReadPorts } from '../../ports/ports.ts';
import { activeMember } from './active-member.ts';
import type { Guest, SwapFacts, SwapInput } from './facts.ts';
import { healthyStorage } from './healthy-storage.ts';
import { refuseChangedSince } from './last-swap.ts';
import { memberOf } from './member-of.ts';
import { testStandby } from './test-standby.ts';

/** What the plan depends on, read from the world. A Failure says why the service cannot be moved now. */
export async function observeSwap(
  input: SwapInput,
  read: ReadPorts,
  signal: AbortSignal,
): Promise<SwapFacts> {
  const inventory = read.inventory.current();
  const service = serviceOf(inventory, input.service);
  const from = await activeMember(service, read.dns, signal);
  const to = target(service, from, input.to);
  await refuseChangedSince(service, from, input, read);
  if (input.update && service.update !== undefined) refuseCarriers(service, [from, to]);
  await healthyStorage(service, read.storage, signal);
  await testStandby(service, to.host, read, signal);
  return factsOf(input, service, inventory, { from, to });
}

function target(service: Service, from: ServiceMember, typed: HostName | undefined): ServiceMember {
  const { name, members } = service;
  if (typed === from.host) {
    throw new NothingToDo(
      `nothing to swap: ${typed} is active already`,
      'every DNS server says so',
    );
  }
  if (typed !== undefined) return memberOf(service, typed);
  const [other, another] = members.filter(({ host }) => host !== from.host);
  if (other !== undefined && another === undefined) return other;
  const hosts = members.filter(({ host }) => host !== from.host).map(({ host }) => host);
  throw new Failure({
    code: 'swap.which-member',
    problem: `nobody said which member of ${name} is to become active`,
    because: `${from.host} is, and there are ${hosts.join(', ')}`,
    effect: 'none',
    next: 'Add to=….',
  });
}

/** A bot that takes down what it stands on cannot bring it back. */
function refuseCarriers({ name }: Service, members: readonly ServiceMember[]): void {
  const carrier = members.find(({ carries }) => carries.length > 0);
  if (carrier === undefined) return;
  throw new Failure({
    code: 'swap.carries-us',
    problem: `${carrier.host} cannot be taken down from here`,
    because: `the inventory says that it carries ${carrier.carries.join(', ')} of this bot`,
    effect: 'none',
    next: `Move that elsewhere first, or work on ${name} by hand.`,
  });
}

function factsOf(
  { update }: SwapInput,
  service: Service,
  inventory: Inventory,
  { from, to }: { readonly from: ServiceMember; readonly to: ServiceMember },
): SwapFacts {
  const { zone, dns, units, automaticReturn, fences } = service;
  const isUpdated = update && service.update !== undefined;
  return {
    zone,
    name: dns.name,
    from: { host: from.host, pointsAt: from.pointsAt },
    to: { host: to.host, pointsAt: to.pointsAt },
    update: isUpdated,
    reboots: isUpdated && service.update?.reboot === true,
    units: [...units.one],
    swapTtl: dns.swapTtl,
    ttl: dns.ttl,
    leaving: guestsOn(service, inventory, to.host),
    coming: guestsOn(service, inventory, from.host),
    automatic: automaticOf(automaticReturn),
    fences: [...fences],
    service: digestOf(service),
  };
}

function guestsOn({ builders }: Service, { hosts }: Inventory, member: HostName): Guest[] {
  if (builders === undefined) return [];
  return [...hosts.values()]
    .filter(({ pool, hypervisor }) => pool === builders && hypervisor === member)
    .map(({ name, pool = null }) => ({ host: name, pool }));
}

function automaticOf({ allowed, writes }: Service['automaticReturn']): SwapFacts['automatic'] {
  if (!allowed || writes.kind === 'unknown') return 'no';
  return writes.kind === 'compatible' ? 'always' : 'unless-written';
}

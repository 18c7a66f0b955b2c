import type { GuestDefinition } from '../../../jobs/ports/hypervisor.ts';
import type { Installation } from '../../../jobs/ports/installer.ts';
import type { LabHost } from './lab-host.ts';
import { cutPower, powerOff, powerOn } from './life-cycle.ts';
import { record, tokenKey, type World } from './world.ts';

/** Twice for the same installation is one effect. */
export function openToken(world: World, host: LabHost, installation: Installation): void {
  const key = tokenKey(installation.op, host.name);
  const old = world.tokens.get(key);
  if (old?.open && old.installation.nonce === installation.nonce) return;
  const report = old?.installation.nonce === installation.nonce ? old.report : undefined;
  world.tokens.set(key, { installation, open: true, report });
  record(world, { host: host.name, kind: 'open-token', op: installation.op });
}

export function closeToken(world: World, host: LabHost, op: string): void {
  const token = world.tokens.get(tokenKey(op, host.name));
  if (!token?.open) return;
  token.open = false;
  record(world, { host: host.name, kind: 'close-token', op });
}

export function armEntry(world: World, host: LabHost, installation: Installation): void {
  const same = host.armed?.op === installation.op && host.armed.nonce === installation.nonce;
  host.armed = installation;
  if (!same) record(world, { host: host.name, kind: 'arm', op: installation.op });
}

export function disarmEntry(world: World, host: LabHost): void {
  if (host.armed === undefined) return;
  record(world, { host: host.name, kind: 'disarm', op: host.armed.op });
  host.armed = undefined;
}

/** Stops the guest and forgets its definition; every disk stays. */
export function undefineGuest(world: World, host: LabHost): void {
  if (host.guest.definition === undefined) return;
  record(world, { host: host.name, kind: 'undefine' });
  cutPower(world, host);
  host.guest.definition = undefined;
}

/** Once for an installation; the old root disk is kept, and only the oldest one. */
export function makeFreshDisks(world: World, host: LabHost, installation: Installation): void {
  const { guest } = host;
  if (guest.builtFor === installation.op && guest.fresh?.nonce === installation.nonce) return;
  record(world, { host: host.name, kind: 'fresh-disks', op: installation.op });
  guest.keptRoot ??= host.system;
  guest.fresh = installation;
  guest.builtFor = installation.op;
}

export function startGuest(world: World, host: LabHost): void {
  if (host.state !== 'off') return;
  record(world, { host: host.name, kind: 'start' });
  powerOn(world, host);
}

export function shutDownGuest(world: World, host: LabHost): void {
  powerOff(world, host);
}

/** What is defined so already changes nothing. */
export function defineGuest(world: World, host: LabHost, definition: GuestDefinition): void {
  if (host.guest.definition?.xml === definition.xml) return;
  record(world, { host: host.name, kind: 'define' });
  host.guest.definition = definition;
}

export function discardOldRoot(world: World, host: LabHost): void {
  if (host.guest.keptRoot === undefined) return;
  record(world, { host: host.name, kind: 'discard-old' });
  host.guest.keptRoot = undefined;
}

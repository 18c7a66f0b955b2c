import type { Installation } from '../../../jobs/ports/installer.ts';
import { startKojid, stopKojid } from './check-in.ts';
import { hostKeyPair } from './host-key-pair.ts';
import type { HostState, LabHost } from './lab-host.ts';
import { freshSystem } from './lab-system.ts';
import { record, tokenKey, type World } from './world.ts';

/** How long things take, in lab time. */
const SHUTDOWN_MS = 20_000;
const BOOT_MS = 60_000;
const INSTALL_MS = { metal: 6 * 60_000, virtual: 3 * 60_000 } as const;

/** Down, then up again. A host that is going down already does so once. */
export function restart(world: World, host: LabHost): void {
  if (host.state !== 'running') return;
  record(world, { host: host.name, kind: 'restart' });
  enter(host, 'shutting-down', world.settledAt + SHUTDOWN_MS);
}

/** Down, to stay there, unless it does not listen. */
export function powerOff(world: World, host: LabHost): void {
  if (host.state !== 'running' || world.faults.strike(host.name, 'deaf')) return;
  record(world, { host: host.name, kind: 'shut-down' });
  enter(host, 'powering-off', world.settledAt + SHUTDOWN_MS);
}

/** Off at once, whatever it was doing: somebody pulled the plug, or destroyed the guest. */
export function cutPower(world: World, host: LabHost): void {
  for (const process of host.processes) process.lost = process.result === undefined;
  host.processes = [];
  stopKojid(world, host);
  killBuilds(world, host);
  host.bootId = undefined;
  host.installing = undefined;
  enter(host, 'off', undefined);
}

/** From off, into the armed entry where there is one. The entry is used up in any case. */
export function powerOn(world: World, host: LabHost): void {
  const entry = host.armed ?? host.guest.fresh;
  host.armed = undefined;
  const mayInstall = host.kind === 'virtual' || isOpen(world, host, entry);
  if (entry === undefined || !mayInstall) {
    enter(host, 'booting', world.settledAt + BOOT_MS);
    return;
  }
  host.installing = entry;
  const hangs = world.faults.strike(host.name, 'install-hang');
  const endsAt = world.settledAt + INSTALL_MS[host.kind];
  enter(host, 'installing', hangs ? undefined : endsAt);
}

/** What follows when the time of a state is over. */
export function nextState(world: World, host: LabHost): void {
  switch (host.state) {
    case 'shutting-down':
      cutPower(world, host);
      powerOn(world, host);
      break;
    case 'powering-off':
      cutPower(world, host);
      break;
    case 'installing':
      finishInstallation(world, host);
      break;
    case 'booting':
    case 'booting-installed':
      comeUp(world, host);
      break;
    case 'running':
    case 'off':
    case 'dead':
      host.until = undefined;
      break;
    default:
      host.state satisfies never;
  }
}

function finishInstallation(world: World, host: LabHost): void {
  const { installing } = host;
  host.installing = undefined;
  if (installing === undefined || world.faults.strike(host.name, 'install')) {
    enter(host, 'dead', undefined);
    return;
  }
  const wrong = world.faults.strike(host.name, 'wrong-image');
  const image = wrong ? `${installing.image.split('@')[0]}@1970.01.01` : installing.image;
  host.system = freshSystem(world, image, installing.nonce);
  host.guest.fresh = undefined;
  for (const disk of host.disks) if (!disk.persistent) disk.content = world.random.uuid();
  record(world, { host: host.name, kind: 'install', op: installing.op, detail: image });
  report(world, host, installing);
  enter(host, 'booting-installed', world.settledAt + BOOT_MS);
}

/** A report is taken only while the token is open. */
function report(world: World, host: LabHost, { op, nonce }: Installation): void {
  const token = world.tokens.get(tokenKey(op, host.name));
  if (!token?.open || token.installation.nonce !== nonce) return;
  const wrong = world.faults.strike(host.name, 'wrong-key');
  const key = wrong ? hostKeyPair(world.random.bytes(32)) : host.system.hostKey;
  token.report = { nonce, image: host.system.image, hostKey: key.publicKey };
}

function comeUp(world: World, host: LabHost): void {
  host.bootId = world.random.uuid();
  host.bootedAt = world.settledAt;
  record(world, { host: host.name, kind: 'boot' });
  enter(host, 'running', undefined);
  for (const unit of host.system.enabled) host.system.services.add(unit);
  if (startsKojid(world, host)) startKojid(world, host);
}

/** Where any command will do, nobody can tell which of them makes a builder of a host. */
function startsKojid({ anyCommand, builders }: World, { name, system }: LabHost): boolean {
  return system.services.has('kojid') || (anyCommand && builders.has(name));
}

function killBuilds(world: World, host: LabHost): void {
  for (const task of world.tasks.values()) {
    if (task.host !== host.name || task.state !== 'open' || task.stalled) continue;
    task.stalled = true;
    record(world, { host: host.name, kind: 'build-killed', detail: `${task.method} ${task.pkg}` });
  }
}

function isOpen(world: World, host: LabHost, entry: Installation | undefined): boolean {
  if (entry === undefined) return false;
  const token = world.tokens.get(tokenKey(entry.op, host.name));
  return token?.open === true && token.installation.nonce === entry.nonce;
}

function enter(host: LabHost, state: HostState, until: number | undefined): void {
  host.state = state;
  host.until = until;
}

import { loadConfiguration } from '../adapters/config/load-configuration.ts';
import { setUserLines, writeAclFile } from '../adapters/store/acl-file.ts';
import { aclUsers } from '../adapters/store/acl-users.ts';
import { Failure } from '../domain/failure.ts';
import type { ZoneName } from '../domain/ids.ts';
import { acceptHostKey } from './accept-host-key.ts';
import { check } from './check.ts';
import { connectNetworks } from './connect-networks.ts';
import { init } from './init.ts';
import { inventoryAnswer } from './inventory-command.ts';
import { openProgram, type Program } from './program.ts';
import { catchHangups } from './reload/on-hangup.ts';
import { startBot } from './start-bot.ts';
import { startZoneWorker } from './start-worker.ts';
import { type ConfigOption, optionsFor } from './with-program.ts';
import { zonesOf } from './zones-of.ts';

/** How long a worker may take to get to the border of a step when it is asked to stop. */
const STOP_WITHIN_MS = 20_000;
/** Signals that come closer together than this are one. */
const SAME_SIGNAL_MS = 500;

export async function initCommand(
  folder: string,
  { fromAnsible }: { readonly fromAnsible?: string },
): Promise<void> {
  for (const file of await init(folder, fromAnsible)) process.stdout.write(`wrote ${file}\n`);
  process.stdout.write('Look at them, then: signalbox check\n');
}

export async function checkCommand({ config }: ConfigOption): Promise<void> {
  const lines = await check(optionsFor(config));
  for (const { verdict, about, text } of lines) {
    process.stdout.write(`${verdict.padEnd(4)}  ${about}: ${text}\n`);
  }
  if (lines.some(({ verdict }) => verdict === 'FAIL')) process.exitCode = 1;
}

export async function acceptCommand(
  host: string,
  fingerprint: string,
  { config }: ConfigOption,
): Promise<void> {
  const program = await openProgram(optionsFor(config));
  try {
    process.stdout.write(`${await acceptHostKey(program, host, fingerprint)}\n`);
  } finally {
    await program.close();
  }
}

export async function storeAclCommand(
  folder: string | undefined,
  { config }: ConfigOption,
): Promise<void> {
  const users = aclUsers(zonesOf(await loadConfiguration(config)));
  const lines = folder === undefined ? setUserLines(users) : await writeAclFile(folder, users);
  for (const line of lines) process.stdout.write(`${folder ? 'wrote ' : ''}${line}\n`);
}

export async function inventoryCommand({
  config,
  host,
}: ConfigOption & { readonly host?: string }): Promise<void> {
  const question = host === undefined ? { kind: 'list' as const } : { kind: 'host' as const, host };
  process.stdout.write(`${JSON.stringify(await inventoryAnswer(config, question), null, 2)}\n`);
}

/** Runs until it is told to stop. A second signal does not wait. */
export function roleCommand(role: 'start' | 'bot' | 'worker') {
  return async ({ config, zone }: ConfigOption & { readonly zone?: string }): Promise<void> => {
    const hangups = catchHangups();
    const remember = zone === undefined ? role : `${role}-${zone}`;
    const program = await openProgram({
      ...optionsFor(config),
      ...(zone && { zone }),
      remember,
    });
    hangups.reload(program);
    const stops: (() => Promise<void>)[] = [];
    try {
      if (role !== 'bot') startWorkers(program, zonesFor(program, role, zone), stops);
      if (role === 'start') startWorkersOfNewZones(program, stops);
      if (role !== 'worker') {
        const bot = await startBot(program, connectNetworks(program));
        stops.unshift(() => bot.stop());
      }
      program.log('info', `${role} is up, with ${program.store.name}`);
      await untilStopped();
      program.log('info', `${role} stops at the next border between two steps`);
    } finally {
      for (const stop of stops) await stop();
      await program.close();
    }
  };
}

function startWorkers(
  program: Program,
  zones: readonly ZoneName[],
  stops: (() => Promise<void>)[],
): void {
  for (const zone of zones) {
    const worker = startZoneWorker(program, zone);
    stops.push(() => worker.stop(STOP_WITHIN_MS));
  }
}

/** A reload may bring a zone that had no host before. One that has none any more keeps its worker, which is idle. */
function startWorkersOfNewZones(program: Program, stops: (() => Promise<void>)[]): void {
  const started = new Set(zonesOf(program.configuration));
  program.whenReloaded(() => {
    const zones = zonesOf(program.configuration).filter((zone) => !started.has(zone));
    for (const zone of zones) {
      started.add(zone);
      program.log('info', `a worker of ${zone} starts, too`);
    }
    startWorkers(program, zones, stops);
  });
}

function zonesFor(
  { configuration }: Program,
  role: 'start' | 'worker',
  wanted: string | undefined,
): readonly ZoneName[] {
  const zones = zonesOf(configuration);
  const chosen = zones.filter((zone) => wanted === undefined || zone === wanted);
  if (chosen.length > 0 && (role === 'start' || chosen.length === 1)) return chosen;
  throw new Failure({
    code: 'worker.which-zone',
    problem: wanted === undefined ? 'a worker works for one zone' : `there is no zone ${wanted}`,
    because: `the inventory has ${zones.join(', ')}`,
    effect: 'none',
    next: 'Name one with --zone.',
  });
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let stoppedAt: number | undefined;
    const stop = () => {
      const now = performance.now();
      // Ctrl-C reaches us twice: from the terminal, and from the launcher that it reaches as well.
      if (stoppedAt !== undefined && now - stoppedAt > SAME_SIGNAL_MS) process.exit(1);
      stoppedAt ??= now;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  });
}

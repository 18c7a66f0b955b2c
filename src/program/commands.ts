import { loadConfiguration } from '../adapters/config/load-configuration.ts';
import { setUserLines, writeAclFile } from '../adapters/store/acl-file.ts';
import { aclUsers } from '../adapters/store/acl-users.ts';
import { startStatusServer } from '../adapters/web/status-server.ts';
import { Failure } from '../domain/failure.ts';
import type { ZoneName } from '../domain/ids.ts';
import { acceptHostKey } from './accept-host-key.ts';
import { check } from './check.ts';
import { connectNetworks } from './connect-networks.ts';
import { endAnyway } from './end-anyway.ts';
import { addGauges } from './gauges.ts';
import { init } from './init.ts';
import { inventoryAnswer } from './inventory-command.ts';
import { openProgram, type Program } from './program.ts';
import { readiness } from './readiness.ts';
import { catchHangups } from './reload/on-hangup.ts';
import { checkAsCommand, checkRulesCommand, misused } from './rules/rules-commands.ts';
import { type RunningBot, startBot } from './start-bot.ts';
import { type RunningWorker, startZoneWorker } from './start-worker.ts';
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

interface CheckOptions extends ConfigOption {
  readonly as?: string;
  readonly from?: string;
  readonly rules?: string;
}

/** Without more, the whole installation; else only what its rules say. */
export async function checkCommand(
  words: readonly string[],
  { config, as, from, rules }: CheckOptions,
): Promise<void> {
  const command = words.join(' ');
  if (as !== undefined && command !== '' && rules === undefined) {
    return checkAsCommand(config, { as, command, ...(from && { from }) });
  }
  if (as !== undefined || from !== undefined || command !== '') {
    return misused('a command needs --as PERSON, and the other way round; --rules stands alone');
  }
  return rules === undefined ? checkAll(config) : checkRulesCommand(config, rules);
}

async function checkAll(config: string): Promise<void> {
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
  const program = await openProgram(optionsFor(config, { beside: true }));
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

interface RoleOptions extends ConfigOption {
  readonly zone?: string;
  readonly status?: string;
}

interface Started {
  bot: RunningBot | undefined;
  readonly workers: RunningWorker[];
}

/** Runs until it is told to stop. A second signal does not wait. */
export function roleCommand(role: 'start' | 'bot' | 'worker') {
  return async ({ config, zone, status }: RoleOptions): Promise<void> => {
    const hangups = catchHangups();
    const remember = zone === undefined ? role : `${role}-${zone}`;
    const program = await openProgram({
      ...optionsFor(config),
      ...(zone && { zone }),
      remember,
    });
    hangups.reload(program);
    const stops: (() => Promise<void>)[] = [];
    const running: Started = { bot: undefined, workers: [] };
    try {
      if (status !== undefined) stops.push(await tellStatus(program, running, status));
      if (role !== 'bot') startWorkers(program, zonesFor(program, role, zone), running, stops);
      if (role === 'start') startWorkersOfNewZones(program, running, stops);
      if (role !== 'worker') {
        const bot = await startBot(program, connectNetworks(program));
        running.bot = bot;
        stops.unshift(() => bot.stop());
      }
      program.log('info', `${role} is up, with ${program.store.name}`);
      await untilStopped();
      program.log('info', `${role} stops at the next border between two steps`);
    } finally {
      for (const stop of stops) await stop();
      await program.close();
      endAnyway();
    }
  };
}

/** Asked by Prometheus, an init system or a load balancer; from before it is up until it has stopped. */
async function tellStatus(
  program: Program,
  running: Started,
  listen: string,
): Promise<() => Promise<void>> {
  const ready = readiness(program);
  addGauges(program, () => running);
  const server = await startStatusServer({
    listen,
    metrics: () => program.metrics.registry.metrics(),
    readiness: () => ready(running),
  });
  program.log('info', `tells how it is at http://${server.at}/readyz, /healthz and /metrics`);
  return () => server.close();
}

function startWorkers(
  program: Program,
  zones: readonly ZoneName[],
  running: Started,
  stops: (() => Promise<void>)[],
): void {
  for (const zone of zones) {
    const worker = startZoneWorker(program, zone);
    running.workers.push(worker);
    stops.push(() => worker.stop(STOP_WITHIN_MS));
  }
}

/** A reload may bring a zone that had no host before. One that has none any more keeps its worker, which is idle. */
function startWorkersOfNewZones(
  program: Program,
  running: Started,
  stops: (() => Promise<void>)[],
): void {
  const started = new Set(zonesOf(program.configuration));
  program.whenReloaded(() => {
    const zones = zonesOf(program.configuration).filter((zone) => !started.has(zone));
    for (const zone of zones) {
      started.add(zone);
      program.log('info', `a worker of ${zone} starts, too`);
    }
    startWorkers(program, zones, running, stops);
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

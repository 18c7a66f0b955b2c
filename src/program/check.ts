import {
  type LoadedConfiguration,
  loadConfiguration,
} from '../adapters/config/load-configuration.ts';
import { ConfigError, formatProblem } from '../adapters/config/problem.ts';
import { reach } from '../adapters/web/report-webhook/reach.ts';
import { counted } from '../bot/narrator/in-words.ts';
import { Failure, rootMessage } from '../domain/failure.ts';
import type { ZoneName } from '../domain/ids.ts';
import type { Runbook } from '../jobs/model/runbook.ts';
import { checkDirectories } from './check-directories.ts';
import { checkStore } from './check-store.ts';
import { networksOf } from './connect-networks.ts';
import { openProgram, type Program, type ProgramOptions } from './program.ts';
import { webhookSecret } from './report-webhooks.ts';
import { zonesOf } from './zones-of.ts';

const PATIENCE_MS = 15_000;

export interface CheckLine {
  readonly verdict: 'ok' | 'no' | 'warn' | 'FAIL';
  readonly about: string;
  readonly text: string;
}

/** Checks configuration, inventory, store and every connection. Reads only. */
export async function check(options: ProgramOptions): Promise<readonly CheckLine[]> {
  const loaded = await checkFiles(options.configPath);
  if (!('configuration' in loaded)) return loaded.lines;
  const { configuration, lines } = loaded;
  try {
    const program = await openProgram({ ...options, purpose: 'look' });
    const more = await checkProgram(program).finally(() => program.close());
    return [...lines, ...more];
  } catch (problem) {
    if (problem instanceof ConfigError) return [...lines, ...failed('configuration', problem)];
    return [...lines, ...failed('store', problem), ...enabled(configuration)];
  }
}

async function checkFiles(
  path: string,
): Promise<
  | { readonly lines: readonly CheckLine[] }
  | { readonly lines: readonly CheckLine[]; readonly configuration: LoadedConfiguration }
> {
  try {
    const configuration = await loadConfiguration(path);
    const { hosts, pools, images } = configuration.inventory;
    const { rules, channels } = configuration.settings;
    const lines = [
      ok('configuration', countedAll({ rule: rules.length, channel: channels.length })),
      ok('inventory', countedAll({ host: hosts.size, pool: pools.size, image: images.size })),
      ...selfApproval(configuration),
    ];
    return { configuration, lines };
  } catch (problem) {
    return { lines: failed('configuration', problem) };
  }
}

function countedAll(things: Readonly<Record<string, number>>): string {
  return Object.entries(things)
    .map(([thing, count]) => counted(count, thing))
    .join(', ');
}

/** Said at every check, so that a team that has grown does not forget it. */
function selfApproval({ settings }: LoadedConfiguration): readonly CheckLine[] {
  const people = settings.selfApproval.join(', ');
  if (people === '') return [];
  const text = `${people} may approve their own requests; remove self-approval once there is somebody else to ask`;
  return [{ verdict: 'warn', about: 'approvals', text }];
}

async function checkProgram(program: Program): Promise<readonly CheckLine[]> {
  const { configuration, definitions } = program;
  const lines: CheckLine[] = [...(await checkStore(program)), ...signatures(program)];
  for (const zone of zonesOf(configuration)) {
    lines.push(...(await checkZone(program, zone)));
    for (const runbook of definitions.runbooks.values()) {
      lines.push(...enables(program, zone, runbook));
    }
  }
  const directories = await checkDirectories(configuration.ldap);
  const networks = await checkNetworks(program);
  return [...lines, ...directories, ...networks, ...(await checkWebhooks(program))];
}

function signatures({ signing }: Program): readonly CheckLine[] {
  const { signer, trust } = signing;
  const own = signer?.publicKey.text;
  const others = trust.keys.map(({ text }) => text).filter((text) => text !== own);
  const none = trust.keys.length === 0 ? [ok('signing', 'the first start makes a key')] : [];
  return [
    ...none,
    ...(own === undefined ? [] : [ok('signing', `signs with ${own}`)]),
    ...others.map((text) => ok('signing', `trusts ${text}`)),
  ];
}

async function checkZone(program: Program, zone: ZoneName): Promise<readonly CheckLine[]> {
  const lines: CheckLine[] = [];
  try {
    for (const [port, driver] of program.zone(zone).connected) {
      const about = `${zone} ${port}`;
      const answered = driver.check(AbortSignal.timeout(PATIENCE_MS));
      lines.push(
        ...(await answered.then(
          (text) => [ok(about, `${driver.settings.product}: ${text}`)],
          (problem) => failed(about, problem),
        )),
      );
    }
  } catch (problem) {
    lines.push(...failed(`${zone} drivers`, problem));
  }
  return lines;
}

/** Whether the bot could talk there. Nothing is said. */
async function checkNetworks(program: Program): Promise<readonly CheckLine[]> {
  const lines: CheckLine[] = [];
  try {
    for (const { definition, config, environment } of networksOf(program)) {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const answered = definition.check?.(config, environment, signal);
      const about = `network ${definition.name}`;
      lines.push(
        ...((await answered?.then(
          (text) => [ok(about, text)],
          (problem) => failed(about, problem),
        )) ?? []),
      );
    }
  } catch (problem) {
    lines.push(...failed('networks', problem));
  }
  return lines;
}

/** Whether each can be reached and its secret is at hand. Nothing is posted. */
async function checkWebhooks(program: Program): Promise<readonly CheckLine[]> {
  const lines: CheckLine[] = [];
  for (const { name, url, secret } of program.configuration.settings.webhooks) {
    const about = `webhook ${name}`;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      await webhookSecret(program, secret, signal);
      lines.push(ok(about, await reach(url, signal)));
    } catch (problem) {
      lines.push(...failed(about, problem));
    }
  }
  return lines;
}

/** What a runbook's needs are called that is about services: nobody misses it where there are none. */
const OF_SERVICES = 'of services';

/** Which commands a zone's drivers enable, and what is missing for the others. */
function enables(program: Program, zone: ZoneName, { name, needs }: Runbook): readonly CheckLine[] {
  const { settings, inventory } = program.configuration;
  const drivers = settings.zones.get(zone)?.drivers;
  const hasServices = [...inventory.services.values()].some((service) => service.zone === zone);
  const kinds = Object.entries(needs).filter(([kind]) => kind !== OF_SERVICES || hasServices);
  return kinds.map(([kind, ports]) => {
    const missing = ports.filter((port) => !drivers?.has(port as never));
    const about = `${zone} ${name} ${kind}`;
    if (missing.length === 0) return ok(about, 'enabled');
    const text = `zones.${zone}.drivers in signalbox.yaml lacks ${missing.join(', ')}`;
    return { verdict: 'no', about, text };
  });
}

function enabled({ settings }: LoadedConfiguration): readonly CheckLine[] {
  const open = ['help', 'whoami', 'status'].map((name) => `${settings.prefix}${name}`).join(', ');
  return [
    { verdict: 'no', about: 'commands', text: `without a store there are none, not even ${open}` },
  ];
}

function ok(about: string, text: string): CheckLine {
  return { verdict: 'ok', about, text };
}

function failed(about: string, problem: unknown): readonly CheckLine[] {
  const fail = (text: string): CheckLine => ({ verdict: 'FAIL', about, text });
  if (problem instanceof ConfigError)
    return problem.problems.map((one) => fail(formatProblem(one)));
  if (problem instanceof Failure) return [fail(`${problem.message}. ${problem.next}`)];
  return [fail(rootMessage(problem))];
}

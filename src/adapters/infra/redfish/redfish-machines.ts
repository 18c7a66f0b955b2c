import * as z from 'zod';
import type { HostName } from '../../../domain/ids.ts';
import type { InventorySource } from '../../../jobs/ports/ports.ts';
import type { PowerControl, PowerState } from '../../../jobs/ports/power-control.ts';
import type { SecretSource } from '../../../jobs/ports/secret-source.ts';
import { readFileOr } from '../../read-named-file.ts';
import { type BmcAccess, callBmc, powerFailure } from './bmc-call.ts';

const RESET = '#ComputerSystem.Reset';
const ALLOWED = 'ResetType@Redfish.AllowableValues';

/** Only what we rely on. https://redfish.dmtf.org/schemas/v1/ComputerSystem.json */
const ComputerSystem = z.object({
  PowerState: z.enum(['On', 'Off', 'PoweringOn', 'PoweringOff', 'Paused']),
  Actions: z.object({
    [RESET]: z.object({ target: z.string(), [ALLOWED]: z.array(z.string()).optional() }),
  }),
});
type ComputerSystem = z.infer<typeof ComputerSystem>;

const Members = z.object({ Members: z.array(z.object({ '@odata.id': z.string() })) });

const STATES: Readonly<Record<ComputerSystem['PowerState'], PowerState>> = {
  On: 'on',
  Off: 'off',
  PoweringOn: 'changing',
  PoweringOff: 'changing',
  Paused: 'changing',
};

export interface RedfishOptions {
  /** With `{bmc}` for what the inventory says of a host. */
  readonly url: string;
  /** With `{host}`; the only one that a controller has when absent. */
  readonly system: string | undefined;
  readonly login: { readonly user: string; readonly password: string };
  readonly caFile: string | undefined;
  /** By host. */
  readonly fingerprints: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly inventory: InventorySource;
  readonly secrets: SecretSource;
}

/** Machines by their controllers, of which each gets one call at a time. */
export function redfishMachines(options: RedfishOptions): PowerControl {
  const turns = new Map<string, Promise<unknown>>();

  async function inTurn<T>(host: HostName, work: (bmc: string) => Promise<T>): Promise<T> {
    const bmc = bmcOf(options.inventory, host);
    const before = turns.get(bmc) ?? Promise.resolve();
    const now = before.then(() => work(bmc));
    const over = now.catch(() => undefined);
    turns.set(bmc, over);
    return now;
  }

  const change = (host: HostName, wanted: 'on' | 'off', signal: AbortSignal) =>
    inTurn(host, async (bmc) => {
      const access = await accessTo(host, options, signal);
      const { url, system } = await readSystem(bmc, access, options, signal);
      if (STATES[system.PowerState] === wanted) return;
      const reset = { url: resetUrl(host, url, system), body: { ResetType: RESETS[wanted] } };
      refuseUnless(host, system, RESETS[wanted]);
      await callBmc({ method: 'POST', ...reset }, access, signal);
    });

  return {
    state: (host, signal) =>
      inTurn(host, async (bmc) => {
        const access = await accessTo(host, options, signal);
        const { system } = await readSystem(bmc, access, options, signal);
        return STATES[system.PowerState];
      }),
    off: (host, signal) => change(host, 'off', signal),
    on: (host, signal) => change(host, 'on', signal),
  };
}

const RESETS = { off: 'ForceOff', on: 'On' } as const;

function bmcOf(inventory: InventorySource, host: HostName): string {
  const bmc = inventory.current().hosts.get(host)?.bmc;
  if (bmc !== undefined) return bmc;
  throw powerFailure(host, 'power.no-controller', 'the inventory names none (bmc)', 'none');
}

/** Read anew for each call, so that what is renewed needs no restart. */
async function accessTo(
  host: HostName,
  { login, secrets, caFile, fingerprints, timeoutMs }: RedfishOptions,
  signal: AbortSignal,
): Promise<BmcAccess> {
  const password = (await secrets.read(login.password, host, signal)).trim();
  const words = Buffer.from(`${login.user}:${password}`).toString('base64');
  const ca = caFile === undefined ? undefined : await readAuthority(host, caFile);
  const fingerprint = fingerprints[host];
  return { host, authorization: `Basic ${words}`, ca, fingerprint, timeoutMs };
}

function readAuthority(host: HostName, path: string): Promise<string> {
  return readFileOr(path, (why, cause) =>
    powerFailure(host, 'power.no-authority', `ca-file ${path}: ${why}`, 'none', cause),
  );
}

async function readSystem(
  bmc: string,
  access: BmcAccess,
  options: RedfishOptions,
  signal: AbortSignal,
): Promise<{ readonly url: URL; readonly system: ComputerSystem }> {
  const base = new URL(options.url.replaceAll('{bmc}', bmc));
  const path = await systemPath(base, access, options, signal);
  const url = sameOrigin(access.host, path, base);
  return { url, system: await read(ComputerSystem, url, access, signal) };
}

async function systemPath(
  base: URL,
  access: BmcAccess,
  { system }: RedfishOptions,
  signal: AbortSignal,
): Promise<string> {
  const all = '/redfish/v1/Systems';
  if (system !== undefined) {
    return `${all}/${encodeURIComponent(system.replaceAll('{host}', access.host))}`;
  }
  const { Members: members } = await read(Members, new URL(all, base), access, signal);
  const [only, ...others] = members;
  if (only !== undefined && others.length === 0) return only['@odata.id'];
  const because = `it has ${members.length} systems, and the driver's system says not which`;
  throw powerFailure(access.host, 'power.unreadable', because, 'none');
}

async function read<T>(as: z.ZodType<T>, url: URL, access: BmcAccess, signal: AbortSignal) {
  const answer = as.safeParse(await callBmc({ method: 'GET', url }, access, signal));
  if (answer.success) return answer.data;
  const [issue] = answer.error.issues;
  const because = `${url.pathname}: ${issue?.path.join('.')} ${issue?.message}`;
  throw powerFailure(access.host, 'power.unreadable', because, 'none', answer.error);
}

function resetUrl(host: HostName, url: URL, { Actions }: ComputerSystem): URL {
  return sameOrigin(host, Actions[RESET].target, url);
}

/** The controller chooses this address, and our credentials travel with the request. */
function sameOrigin(host: HostName, path: string, base: URL): URL {
  const url = new URL(path, base);
  if (url.origin === base.origin) return url;
  throw powerFailure(host, 'power.foreign-target', `it sent us to ${url.origin}`, 'none');
}

function refuseUnless(host: HostName, { Actions }: ComputerSystem, reset: string): void {
  const allowed = Actions[RESET][ALLOWED];
  if (allowed === undefined || allowed.includes(reset)) return;
  throw powerFailure(host, 'power.refused', `it offers no ${reset}`, 'none');
}

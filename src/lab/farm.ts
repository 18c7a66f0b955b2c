import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { demoFleet } from '../adapters/simulated/fleet/demo-fleet.ts';
import { PAIR_HOSTS, standPair } from '../adapters/simulated/fleet/demo-pair.ts';
import type { Fleet } from '../adapters/simulated/fleet/fleet.ts';
import { fleetHubState } from '../adapters/simulated/fleet/fleet-hub-state.ts';
import { labClock } from '../adapters/simulated/fleet/lab-clock.ts';
import { type KojiHub, startKojiHub } from '../adapters/simulated/koji-hub/koji-hub.ts';
import { startFleetSshServers } from './fleet-ssh-server.ts';
import { writeLabConfiguration } from './lab-configuration.ts';
import { startLabControl } from './lab-control.ts';
import { LAB_SCALE } from './lab-time.ts';
import { type Pair, startPair } from './pair.ts';

/** What a site has but for its store. */
export interface Farm {
  readonly fleet: Fleet;
  readonly hub: KojiHub;
  readonly pair: Pair | undefined;
  readonly folder: string;
  readonly configPath: string;
  /** Where its secrets come from. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface FarmOptions {
  /** A service on two nodes as well. */
  readonly withPair?: 'yes' | 'no';
}

/** A farm on loopback, unprivileged: an SSH server for each host, a koji hub, and the lab's own controls. */
export async function startFarm(
  scale = LAB_SCALE,
  { withPair = 'no' }: FarmOptions = {},
): Promise<Farm> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-lab-'));
  const hasPair = withPair === 'yes';
  const fleet = demoFleet({ clock: labClock({ scale }), more: hasPair ? PAIR_HOSTS : [] });
  if (hasPair) standPair(fleet);
  const key = ssh2.utils.generateKeyPairSync('ed25519');
  const [password, token] = [secret(), secret()];
  const keep = async (name: string, text: string) => {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const servers = await startFleetSshServers(fleet, { clientKey: key.public });
  const users = [{ name: 'bot', password, permissions: ['host', 'admin'] }];
  const state = fleetHubState(fleet);
  const hub = await startKojiHub({ state, users, host: '127.0.0.1', port: 0 });
  const control = await startLabControl(fleet, { token });
  const pair = hasPair ? await startPair(fleet, folder) : undefined;
  const configPath = await writeLabConfiguration(folder, fleet, {
    sshPorts: servers.ports,
    hub: hub.url.href,
    control: control.url,
    keyFile: await keep('id_ed25519', key.private),
    passwordFile: await keep('koji-password', password),
    tokenFile: await keep('lab-token', token),
    pair,
  });
  return {
    fleet,
    hub,
    pair,
    folder,
    configPath,
    environment: {
      SIGNALBOX_SECRET_KOJI_CERT: `-----BEGIN CERTIFICATE-----\n${secret()}\n-----END CERTIFICATE-----\n`,
    },
    async close() {
      await Promise.all([control.close(), hub.close(), servers.close(), pair?.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function secret(): string {
  return randomBytes(24).toString('base64url');
}

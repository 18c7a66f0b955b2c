import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../free-port.ts';
import type { KeyAndCertificate } from '../checks/certificates.ts';
import { PATIENCE_MS } from '../program/eventually.ts';
import { withUs } from '../program/with-us.ts';

export interface RedfishServer {
  /** As an inventory names it. */
  readonly bmc: string;
  stop(): Promise<void>;
}

/**
 * The Redfish emulator of sushy-tools over TLS with machines that are on, by their ids. User `admin`, password
 * `password`. Its machines take up to eleven seconds for a change, and here none.
 */
export async function sushyEmulator(
  folder: string,
  { keyFile, certFile }: KeyAndCertificate,
  machines: readonly string[],
): Promise<RedfishServer> {
  const port = await freePort();
  const config = join(folder, `sushy-${port}.conf`);
  const login = join(folder, 'sushy-login');
  // bcrypt of "password", as htpasswd -B writes it.
  writeFileSync(login, 'admin:$2b$04$aqVB04a4FN0cspx4vQP6ye8HK5F1rt.ZmuujXnI.eOM5e16SzsX/u\n');
  writeFileSync(config, configuration(login, machines));
  const words = ['--fake', '--config', config, '--interface', '127.0.0.1', '--port', `${port}`];
  const tls = ['--ssl-certificate', certFile, '--ssl-key', keyFile];
  const child = spawn(...withUs(program(), ...words, ...tls), {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const ended = once(child, 'exit');
  let isUp = false;
  const failed = ended.then(() => {
    if (!isUp) throw new Error(`sushy-emulator did not start: ${log}`);
  });
  await Promise.race([answering(port), failed]);
  isUp = true;
  return {
    bmc: `localhost:${port}`,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Where `.ci/run` puts it. */
function program(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return process.env.SUSHY_EMULATOR ?? join(cache, 'signalbox/redfish/bin/sushy-emulator');
}

function configuration(login: string, machines: readonly string[]): string {
  const systems = machines.map((id) => ({
    uuid: id,
    name: `machine ${id}`,
    power_state: 'On',
    nics: [],
  }));
  // The file is Python, and runs in the emulator.
  return `import random
random.randint = lambda least, most: 0
SUSHY_EMULATOR_AUTH_FILE = ${JSON.stringify(login)}
SUSHY_EMULATOR_FAKE_SYSTEMS = ${JSON.stringify(systems)}
`;
}

async function answering(port: number): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; ) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no Redfish server answers on port ${port}`);
}

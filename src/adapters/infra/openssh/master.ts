import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { HostKeys } from '../../../jobs/ports/host-keys.ts';
import { type Through, ThroughGone } from '../ssh/connection-pool.ts';
import { quoteWords } from '../ssh/quote.ts';
import type { Hop } from '../ssh/route.ts';
import type { Sharable } from '../ssh/shared-connection.ts';
import { unreachable } from '../ssh/unreachable.ts';
import { connectFailure, isJumpGone, jumpGone, placeOf } from './connect-failure.ts';
import { hostAuthorities } from './host-authorities.ts';
import { formatKnownHosts } from './known-hosts.ts';
import { checkLogin, type LoginFiles } from './login-files.ts';
import { type MasterFolder, makeMasterFolder } from './master-folder.ts';
import { noClient } from './no-client.ts';
import { readShownKey } from './shown-key.ts';
import { endGroup, type SshClient, spawnSsh, throughMaster } from './ssh-client.ts';
import { formatSshConfig } from './ssh-config.ts';
import { SshLog } from './ssh-log.ts';

/** An ssh in the background that holds one connection and lets others through (`ControlMaster` of ssh_config(5)). */
export interface Master extends Sharable {
  readonly hop: Hop;
  readonly folder: MasterFolder;
}

export interface MasterOptions {
  readonly login: LoginFiles;
  readonly hostKeys: HostKeys;
  readonly hostCaFile: string | undefined;
  readonly controlDir: string;
  readonly readyTimeoutMs: number;
  readonly keepaliveMs: number;
  /** After this long without use it ends by itself, should nobody be left who ends it. */
  readonly persistSeconds: number;
}

/**
 * Logs in at one hop. Masters are started by themselves and not by the first command (`ControlMaster=auto`): so a
 * login that fails is never taken for a command that fails, commands that come at once share one login, and stopping
 * one does not end the connection of the others. A jump host is gone through as ProxyJump does it, with `ssh -W`,
 * through its own master.
 */
export async function openMaster(
  hop: Hop,
  through: Through<Master> | undefined,
  options: MasterOptions,
): Promise<Master> {
  await checkLogin(options.login);
  const known = await options.hostKeys.expected(hop.host);
  const authorities = await hostAuthorities(options.hostCaFile);
  const folder = await makeMasterFolder(options.controlDir);
  try {
    const { login, readyTimeoutMs: connectTimeoutMs, keepaliveMs } = options;
    const proxyCommand = through && tunnelCommand(hop, through);
    const config = { hop, folder, login, proxyCommand, connectTimeoutMs, keepaliveMs };
    await writeFile(folder.config, formatSshConfig(config));
    await writeFile(folder.knownHosts, formatKnownHosts(hop.host, known, authorities));
    return await startMaster({ hop, from: through?.hop, folder, known, options });
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

function tunnelCommand({ address, port }: Hop, { connection, hop: jump }: Through<Master>): string {
  const words = throughMaster(connection.folder, jumpGone(jump));
  return quoteWords(['ssh', ...words, '-W', `[${address}]:${port}`, jump.host]);
}

interface Start {
  readonly hop: Hop;
  readonly from: Hop | undefined;
  readonly folder: MasterFolder;
  readonly known: string | undefined;
  readonly options: MasterOptions;
}

/**
 * With `-f` ssh goes into the background once it is logged in and listens on its socket, and the process that we started
 * ends with 0. With `-v` the one in the background keeps stderr, so its end tells us that the connection is gone.
 */
async function startMaster(start: Start): Promise<Master> {
  const { hop, folder, options } = start;
  const persist = `ControlPersist=${options.persistSeconds}`;
  const ssh = spawnSsh(
    ['-F', folder.config, '-v', '-f', '-N', '-M', '-o', persist, hop.host],
    ['ignore', 'ignore', 'pipe'],
  );
  const log = new SshLog();
  ssh.stderr?.on('data', (chunk: Buffer) => log.push(chunk));
  const closed = new Promise<void>((resolve) => ssh.once('close', () => resolve()));
  await loggedIn(ssh, log, closed, start);
  log.forget();
  const gone = closed
    .then(() => folder.remove())
    .then(() => log.said().at(-1) ?? 'the connection was closed');
  return { hop, folder, gone, close: () => endMaster(hop, folder) };
}

async function loggedIn(
  ssh: SshClient,
  log: SshLog,
  closed: Promise<void>,
  { hop, from, folder, known, options }: Start,
): Promise<void> {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    endGroup(ssh);
  }, options.readyTimeoutMs);
  const [code] = await once(ssh, 'exit').catch(noClient);
  clearTimeout(timer);
  if (code === 0) return;
  await closed;
  if (late) {
    const because = `no login within ${options.readyTimeoutMs} ms`;
    throw unreachable(hop.host, `${placeOf({ hop, from })}: ${because}`);
  }
  const shown = await readShownKey(folder.shownKeys);
  const hasCertificate = options.login.certificateFile !== undefined;
  const refused = { hop, from, said: log.said(), shown, known, hasCertificate };
  const failure = connectFailure(refused);
  throw isJumpGone(refused) ? new ThroughGone(failure.message, { cause: failure }) : failure;
}

function endMaster({ host }: Hop, { config }: MasterFolder): void {
  const ssh = spawnSsh(['-F', config, '-O', 'exit', host], ['ignore', 'ignore', 'ignore']);
  // Without it the master ends by itself, as long as nobody uses it.
  ssh.on('error', () => {});
}

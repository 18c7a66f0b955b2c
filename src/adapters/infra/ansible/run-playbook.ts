import type { HostName } from '../../../domain/ids.ts';
import type { Playbook } from '../../../domain/inventory.ts';
import type { PlaybookEnd, PlaybookWatch } from '../../../jobs/ports/configuration-management.ts';
import type { HostKeys } from '../../../jobs/ports/host-keys.ts';
import type { InventorySource } from '../../../jobs/ports/ports.ts';
import { loginKey, type SshLogin } from '../ssh/login-key.ts';
import { routeTo } from '../ssh/route.ts';
import { complaintOf } from './complaint.ts';
import { playRecord } from './play-record.ts';
import type { PlaybookSource } from './playbook-source.ts';
import { runEnvironment } from './run-environment.ts';
import { cutOff } from './run-failure.ts';
import { type RunPaths, withRunFolder, writePrivate } from './run-folder.ts';
import { runInventory } from './run-inventory.ts';
import { type RunSecretsOptions, runSecrets } from './run-secrets.ts';
import { type RunTexts, runTexts } from './run-texts.ts';
import { knownHosts, sshConfig } from './ssh-files.ts';
import { supervise } from './supervise.ts';

export interface RunnerOptions extends RunSecretsOptions {
  readonly source: PlaybookSource;
  readonly inventory: InventorySource;
  readonly hostKeys: HostKeys;
  readonly login: SshLogin;
  readonly connectTimeoutSeconds: number;
  readonly limitMs: number;
}

export interface PlaybookRun {
  readonly host: HostName;
  readonly playbook: Playbook;
  readonly mode: 'apply' | 'preview';
  readonly watch: PlaybookWatch;
  readonly signal: AbortSignal;
}

/** One run of ansible-playbook, from files that only it can read and that are gone when it is over. */
export function playbookRunner(options: RunnerOptions) {
  return (run: PlaybookRun): Promise<PlaybookEnd> =>
    withRunFolder((paths) => play(options, run, paths));
}

async function play(
  options: RunnerOptions,
  run: PlaybookRun,
  paths: RunPaths,
): Promise<PlaybookEnd> {
  const { host, playbook, watch, signal } = run;
  const texts = runTexts(paths.checkout);
  const isSealed = await prepare(options, run, paths, texts);
  const record = playRecord({ host, file: playbook.file, texts, ...watch });
  const complaint = complaintOf(texts);
  const exit = await supervise(
    {
      argv: wordsOf(run, paths, isSealed),
      cwd: paths.checkout,
      env: runEnvironment(paths),
      folder: paths.folder,
      limitMs: options.limitMs,
      onEvent: record.take,
      onNoise: complaint.take,
    },
    signal,
  );
  return record.end(exit, complaint.text());
}

/** Whatever it stumbles over when it is told to stop, that is why. */
async function prepare(
  options: RunnerOptions,
  run: PlaybookRun,
  paths: RunPaths,
  texts: RunTexts,
): Promise<boolean> {
  const { host, playbook, signal } = run;
  try {
    await options.source.unpack(playbook, paths.checkout, signal);
    return await writeFiles(options, run, paths, texts);
  } catch (problem) {
    if (!signal.aborted) throw problem;
    throw cutOff({ host, file: playbook.file, begun: false }, 'it was told to stop');
  }
}

/** True when there is a password for vault files among them. */
async function writeFiles(
  options: RunnerOptions,
  { host, signal }: PlaybookRun,
  paths: RunPaths,
  texts: RunTexts,
): Promise<boolean> {
  const { inventory, hostKeys, login, connectTimeoutSeconds } = options;
  // Says at once that there is no key, instead of the host's refusal.
  await loginKey(login);
  const route = routeTo(host, inventory.current());
  const keyFile = login.kind === 'key-file' ? login.path : undefined;
  const knownHostsPath = paths.knownHosts;
  const ssh = { route, hostKeys, knownHostsPath, keyFile, connectTimeoutSeconds };
  const { variables, vaultPassword } = await runSecrets(options, { host, texts, signal });
  const listed = runInventory(host, route, inventory.current());
  await writePrivate(paths.knownHosts, await knownHosts(ssh));
  await writePrivate(paths.sshConfig, sshConfig(ssh));
  await writePrivate(paths.inventory, JSON.stringify(listed));
  await writePrivate(paths.variables, JSON.stringify(variables));
  if (vaultPassword === undefined) return false;
  await writePrivate(paths.vaultPassword, vaultPassword);
  return true;
}

function wordsOf(
  { host, playbook, mode }: PlaybookRun,
  paths: RunPaths,
  isSealed: boolean,
): readonly string[] {
  return [
    'ansible-playbook',
    ...['--inventory', paths.inventory, '--limit', host],
    ...['--extra-vars', `@${paths.variables}`],
    ...(isSealed ? ['--vault-password-file', paths.vaultPassword] : []),
    '--diff',
    ...(mode === 'preview' ? ['--check'] : []),
    playbook.file,
  ];
}

import type { ImageInstaller } from '../../../domain/inventory.ts';
import { bootRefused } from './boot-failure.ts';
import type { BootHost } from './boot-host.ts';

const FETCH_TIMEOUT_MS = 90_000;

export interface BootFiles {
  readonly kernel: string;
  readonly initrd: string;
}

interface Fetched {
  readonly url: string;
  readonly path: string;
  readonly sha256: string;
}

/**
 * The host fetches kernel and initrd from the install server and compares them with the digests of the inventory. What is
 * there already and right is left alone, so that twice is once. Nothing names the files before they are right, so a half
 * one may stand there meanwhile.
 */
export async function fetchBootFiles(
  host: BootHost,
  { kernel, initrd }: ImageInstaller,
  { from, into }: { readonly from: string; readonly into: string },
): Promise<BootFiles> {
  const files = { kernel: `${into}/linux`, initrd: `${into}/initrd` };
  const wanted = [
    { url: `${from}kernel`, path: files.kernel, sha256: kernel.sha256 },
    { url: `${from}initrd`, path: files.initrd, sha256: initrd.sha256 },
  ];
  if (await areRight(host, wanted)) return files;
  await host.output(['mkdir', '-p', '-m', '0700', '--', into]);
  await fetchAll(host, wanted, into);
  if (await areRight(host, wanted)) return files;
  await host.run(['rm', '-rf', '--', into]);
  throw notFetched(host, into, 'what came has another SHA-256 than the inventory says');
}

async function areRight(host: BootHost, files: readonly Fetched[]): Promise<boolean> {
  const stdin = files.map(({ sha256, path }) => `${sha256}  ${path}\n`).join('');
  return (await host.run(['sha256sum', '--check', '--status', '-'], { stdin })).code === 0;
}

async function fetchAll(host: BootHost, files: readonly Fetched[], into: string): Promise<void> {
  const seconds = String(FETCH_TIMEOUT_MS / 1000 / files.length);
  const limits = ['--fail', '--fail-early', '--silent', '--show-error', '--max-time', seconds];
  // The URLs hold the token, and every user of the host may read arguments.
  const stdin = files.map(({ url, path }) => `url = "${url}"\noutput = "${path}"\n`).join('');
  const argv = ['curl', ...limits, '--config', '-'];
  const fetched = await host.run(argv, { stdin, timeoutMs: FETCH_TIMEOUT_MS + 5_000 });
  if (fetched.code === 0) return;
  throw notFetched(host, into, fetched.stderr.trim() || `curl ended with ${fetched.code}`);
}

function notFetched(host: BootHost, into: string, because: string) {
  return bootRefused(host.name, {
    code: 'installer.not-fetched',
    because: `kernel and initrd could not be fetched into ${into}: ${because}`,
    next: 'Nothing was armed. Check the install server and its files, then retry.',
  });
}

/** A Failure where the host has nothing to fetch with. */
export async function refuseWithoutCurl(host: BootHost): Promise<void> {
  if (await host.hasProgram('curl')) return;
  throw bootRefused(host.name, {
    code: 'installer.no-curl',
    because: 'it has no curl to fetch kernel and initrd with',
    next: `Nothing was changed. Install curl on ${host.name}, or install it by PXE.`,
  });
}

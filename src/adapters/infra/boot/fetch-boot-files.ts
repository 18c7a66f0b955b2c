import type { ImageInstaller } from '../../../domain/inventory.ts';
import { bootRefused } from './boot-failure.ts';
import type { BootHost } from './boot-host.ts';

const FETCH_TIMEOUT_MS = 90_000;

export interface BootFiles {
  readonly kernel: string;
  readonly initrd: string;
}

/**
 * The host fetches kernel and initrd from the install server and compares them with the digests of the inventory. What is
 * there already and right is left alone, so that twice is once.
 */
export async function fetchBootFiles(
  host: BootHost,
  { kernel, initrd }: ImageInstaller,
  { from, into }: { readonly from: string; readonly into: string },
): Promise<BootFiles> {
  await host.output(['mkdir', '-p', '-m', '0700', '--', into]);
  const files = { kernel: `${into}/linux`, initrd: `${into}/initrd` };
  await fetchFile(host, { url: `${from}kernel`, path: files.kernel, sha256: kernel.sha256 });
  await fetchFile(host, { url: `${from}initrd`, path: files.initrd, sha256: initrd.sha256 });
  return files;
}

interface Fetched {
  readonly url: string;
  readonly path: string;
  readonly sha256: string;
}

async function fetchFile(host: BootHost, { url, path, sha256 }: Fetched): Promise<void> {
  if (await isRight(host, path, sha256)) return;
  const part = `${path}.part`;
  const seconds = String(FETCH_TIMEOUT_MS / 1000);
  const argv = [
    'curl',
    '--fail',
    '--silent',
    '--show-error',
    '--max-time',
    seconds,
    '--output',
    part,
    '--config',
    '-',
  ];
  // The URL holds the token, and every user of the host may read arguments.
  const more = { stdin: `url = "${url}"\n`, timeoutMs: FETCH_TIMEOUT_MS + 5_000 };
  const fetched = await host.run(argv, more);
  if (fetched.code !== 0)
    throw notFetched(host, path, fetched.stderr.trim() || `curl ended with ${fetched.code}`);
  if (!(await isRight(host, part, sha256))) {
    await host.run(['rm', '-f', '--', part]);
    throw notFetched(host, path, 'what came has another SHA-256 than the inventory says');
  }
  await host.output(['mv', '-fT', '--', part, path]);
}

async function isRight(host: BootHost, path: string, sha256: string): Promise<boolean> {
  const stdin = `${sha256}  ${path}\n`;
  return (await host.run(['sha256sum', '--check', '--status', '-'], { stdin })).code === 0;
}

function notFetched(host: BootHost, path: string, because: string) {
  return bootRefused(host.name, {
    code: 'installer.not-fetched',
    because: `${path} could not be fetched from the install server: ${because}`,
    next: `Nothing was armed. Check the install server and its files, then retry.`,
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

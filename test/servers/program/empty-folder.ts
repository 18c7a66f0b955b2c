import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';

/** An empty folder that is gone after the test. */
export async function emptyFolder({ onTestFinished }: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-command-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 2;
const PATIENCE_MS = 300_000;

export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('waited in vain');
    await delay(LOOK_EVERY_MS);
  }
}

import { randomInt } from 'node:crypto';
import { isFree } from '../../free-port.ts';

const FIRST = 20_000;
const LAST = 30_000;

/** A free port below those that the system hands out itself, so that it is still ours when its server was away. */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST);
    if (await isFree(port)) return port;
  }
}

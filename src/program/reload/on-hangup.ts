import { closeSync, openSync } from 'node:fs';
import { problemText } from '../problem-text.ts';
import type { Program } from '../program.ts';

export interface Hangups {
  /** Reloads at each SIGHUP, and at once when there was one already. */
  reload(program: Program): void;
}

/**
 * From now on SIGHUP does not end the process, unless it comes because the terminal that we were started at is gone: then
 * whatever is written there fails, also what would be said while stopping in order.
 */
export function catchHangups(): Hangups {
  const atTerminal = process.stdin.isTTY;
  let early = false;
  let take = () => {
    early = true;
  };
  process.on('SIGHUP', () => take());
  return {
    reload(program) {
      take = () => (atTerminal && !hasTerminal() ? end() : reload(program));
      if (early) take();
    },
  };
}

function reload({ reload: again, log, redactor }: Program): void {
  again('SIGHUP').catch((problem) => log('error', redactor.redact(problemText(problem))));
}

function end(): void {
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}

/** A process that lost its terminal cannot open /dev/tty any more: ENXIO. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

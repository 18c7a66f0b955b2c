import { Failure } from '../../../src/domain/failure.ts';
import type { ConsoleLog } from '../../../src/jobs/ports/console-log.ts';

export interface FakeConsole extends ConsoleLog {
  /** Printed right before the next time that somebody reads. */
  willPrint(text: string): void;
  goesAway(): void;
  comesBack(): void;
  readonly isOpen: boolean;
}

/** One console, with what was printed on it before anybody looked. */
export function fakeConsole(printedBefore: string): FakeConsole {
  let text = printedBefore;
  let next = '';
  let away = false;
  let open = false;

  function answer(): string {
    if (away) throw silent();
    open = true;
    return text;
  }

  return {
    willPrint(more) {
      next += more;
    },
    goesAway() {
      away = true;
    },
    comesBack() {
      away = false;
    },
    get isOpen() {
      return open;
    },
    end: async () => String(answer().length),
    async read(_host, from) {
      const before = answer();
      text = before + next;
      next = '';
      return { text: text.slice(Number(from)), next: String(text.length), more: false };
    },
    async close() {
      open = false;
    },
  };
}

function silent(): Failure {
  return new Failure({
    code: 'ssh.unreachable',
    problem: 'SSH to vhost-01 failed',
    because: 'no route',
    effect: 'none',
    next: 'Wait.',
  });
}

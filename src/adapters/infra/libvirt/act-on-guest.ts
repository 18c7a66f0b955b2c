import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Failure, rootMessage } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { Fence } from '../../../jobs/ports/hypervisor.ts';
import type { ClaimedRun, RemoteShell } from '../../../jobs/ports/remote-shell.ts';
import { type GuestAct, guestScript, REFUSED, SUPERSEDED } from './guest-scripts.ts';
import { guestRefused, lastWords } from './libvirt-failure.ts';

/** The longest one act may take, beyond what it waits for a guest to shut down. */
const LIMIT_MS = 15 * 60_000;
const FIRST_LOOK_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

export interface GuestPlace {
  readonly shell: RemoteShell;
  readonly guest: HostName;
  readonly hypervisor: HostName;
  readonly uri: string;
  readonly state: string;
}

export interface ActWords {
  readonly words?: readonly string[];
  /** What must not stand in an argument, which every user of the hypervisor could read. */
  readonly stdin?: string;
}

/**
 * Runs one of the scripts and waits for its end. It goes on when this process or its connection is lost, so whatever
 * happens after it was started is an unknown effect.
 */
export async function actOnGuest(
  place: GuestPlace,
  { act, fence, words = [], stdin = '' }: ActWords & { act: GuestAct; fence: Fence },
  signal: AbortSignal,
): Promise<void> {
  const { shell, guest, hypervisor, uri, state } = place;
  const { op, epoch } = fence;
  // A name of its own each time: an act may be needed again, and what it finds then may be different.
  const part = `${act}-${randomBytes(8).toString('hex')}`;
  const claim = { op, step: 'guest', attempt: 1, part, epoch };
  const own = [state, guest, op, String(epoch), uri];
  const argv = ['sh', '-c', guestScript(act), 'signalbox', ...own, ...words];
  const command = { argv, stdin, asRoot: true, timeoutMs: LIMIT_MS };
  const started = await shell.startClaimed(hypervisor, claim, command, signal);
  const again = () => shell.readClaimed(hypervisor, claim, signal);
  judge(place, { act, fence }, await itsEnd(place, { act, started, again, signal }));
}

interface Following {
  readonly act: GuestAct;
  readonly started: ClaimedRun;
  readonly signal: AbortSignal;
  again(): Promise<ClaimedRun | undefined>;
}

async function itsEnd(place: GuestPlace, { act, started, again, signal }: Following) {
  let run: ClaimedRun | undefined = started;
  try {
    for (let pauseMs = FIRST_LOOK_MS; run?.kind === 'running'; pauseMs *= 1.5) {
      await setTimeout(Math.min(pauseMs, LONGEST_PAUSE_MS), undefined, { signal });
      run = await again();
    }
  } catch (cause) {
    throw noEnd(place, act, cause);
  }
  return run;
}

function judge(
  place: GuestPlace,
  { act, fence: { op, epoch } }: { act: GuestAct; fence: Fence },
  run: Exclude<ClaimedRun, { kind: 'running' }> | undefined,
): void {
  if (run?.kind !== 'exited') throw noEnd(place, act, run?.because ?? 'its claim is gone');
  if (run.code === 0) return;
  const said = lastWords(run.output) ?? `exit code ${run.code}`;
  const refusal = run.code === REFUSED ? parseRefusal(said) : undefined;
  if (refusal !== undefined) throw refused(place, refusal);
  if (run.code === SUPERSEDED) throw superseded(place, { op, epoch, newer: said });
  throw commandFailed(place, act, said);
}

export interface ScriptRefusal {
  readonly code: string;
  readonly because: string;
}

/** Undefined where a script said something else. */
export function parseRefusal(line: string): ScriptRefusal | undefined {
  const [, code, because] = /^signalbox: (hypervisor\.[a-z-]+) (.*)$/.exec(line) ?? [];
  return code === undefined || because === undefined ? undefined : { code, because };
}

export function refused(
  { guest, hypervisor }: Pick<GuestPlace, 'guest' | 'hypervisor'>,
  { code, because }: ScriptRefusal,
): Failure {
  const next = `Nothing was changed by this. Look at ${guest} on ${hypervisor}, then retry.`;
  return guestRefused(guest, { code, because, next });
}

function superseded(
  { guest, hypervisor }: GuestPlace,
  { op, epoch, newer }: Fence & { newer: string },
): Failure {
  return new Failure({
    code: 'ssh.claim-superseded',
    problem: `${hypervisor} refused to act on ${guest} for ${op}`,
    because: `epoch ${newer} has been there and this is epoch ${epoch}`,
    effect: 'none',
    next: `Nothing was changed. Another worker has taken ${op} over; leave it to that one.`,
  });
}

function noEnd({ guest, hypervisor }: GuestPlace, act: GuestAct, cause: unknown): Failure {
  return new Failure({
    code: 'hypervisor.no-end',
    problem: `What became of ${act} of ${guest} on ${hypervisor} is not known`,
    because: rootMessage(cause),
    effect: 'unknown',
    next: `It may still be at work. Retry waits for it there and goes on.`,
    cause,
  });
}

function commandFailed({ guest, hypervisor }: GuestPlace, act: GuestAct, said: string): Failure {
  return new Failure({
    code: 'hypervisor.command-failed',
    problem: `${act} of ${guest} failed on ${hypervisor}`,
    because: said,
    effect: 'unknown',
    next: `No disk was removed. Mend it on ${hypervisor}; retry goes on where it stopped.`,
  });
}

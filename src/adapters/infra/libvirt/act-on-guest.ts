import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { HostName } from '../../../domain/ids.ts';
import type { Fence } from '../../../jobs/ports/hypervisor.ts';
import type { ClaimedRun, RemoteShell } from '../../../jobs/ports/remote-shell.ts';
import { commandFailed, noEnd, superseded } from './act-failure.ts';
import { type GuestAct, guestScript } from './guest-scripts.ts';
import { lastWords } from './libvirt-failure.ts';
import { REFUSED, SUPERSEDED } from './script-codes.ts';
import { parseRefusal, refusedByScript } from './script-refusal.ts';

/** The longest one act may take, with its wait for the lock and for a guest to shut down. */
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

export interface ActInput {
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
  { act, fence, words = [], stdin = '' }: ActInput & { act: GuestAct; fence: Fence },
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
  if (refusal !== undefined) throw refusedByScript(place, refusal);
  if (run.code === SUPERSEDED) throw superseded(place, { op, epoch, newer: said });
  throw commandFailed(place, act, said);
}

import { Failure } from '../../domain/failure.ts';
import type { HostKeys } from '../../jobs/ports/host-keys.ts';
import type { RemoteShell } from '../../jobs/ports/remote-shell.ts';
import { claimedRuns } from '../infra/ssh/claimed-runs.ts';
import { hostKeyFailure, keyBlob } from '../infra/ssh/host-key.ts';
import { putRemoteFile } from '../infra/ssh/put-remote-file.ts';
import type { Run } from '../infra/ssh/run-command.ts';
import type { Fleet } from './fleet/fleet.ts';
import { answers, type CommandResult, type LabProcess } from './fleet/lab-host.ts';

const STATE_DIR = '/var/lib/signalbox/claims';

/** The real shell's claims and files, over commands that run in the fleet instead of through SSH. */
export function simulatedShell(fleet: Fleet, hostKeys: HostKeys): RemoteShell {
  const run: Run = async (host, { argv, stdin = '', timeoutMs = Infinity }, signal) => {
    await connect(fleet, hostKeys, host);
    const program = argv[0] ?? '';
    if (signal.aborted) throw stopped(host, program, 'none');
    const process = fleet.exec(host, argv, stdin);
    const result = await endOf(fleet, process, timeoutMs, signal);
    if (result === 'lost') throw lost(host, program);
    if (result === 'late') throw late(host, program, timeoutMs);
    if (result === 'stopped') throw stopped(host, program, 'unknown');
    return { ...result, truncated: false };
  };
  return {
    run,
    putFile: putRemoteFile(run),
    ...claimedRuns(run, STATE_DIR),
    async forget() {},
  };
}

async function connect(fleet: Fleet, hostKeys: HostKeys, name: Parameters<Run>[0]): Promise<void> {
  const world = fleet.world();
  const host = world.hosts.get(name);
  if (host === undefined || !answers(host)) throw unreachable(name, 'connection refused');
  if (world.faults.strike(name, 'ssh-refused')) throw unreachable(name, 'connection refused');
  const known = await hostKeys.expected(name);
  const shown = host.system.hostKey.publicKey;
  if (known === shown) return;
  throw hostKeyFailure(name, keyBlob(shown), known === undefined ? undefined : keyBlob(known));
}

/** Lets the command's time pass; under a clock that does not move by itself, it ends at once. */
async function endOf(
  fleet: Fleet,
  process: LabProcess,
  limitMs: number,
  signal: AbortSignal,
): Promise<CommandResult | 'lost' | 'late' | 'stopped'> {
  const lastAt = fleet.clock.now() + limitMs;
  while (process.result === undefined && !process.lost) {
    const before = fleet.clock.now();
    if (before >= lastAt) return 'late';
    await fleet.clock.pass(Math.min(process.endsAt, lastAt) - before, signal);
    if (signal.aborted) return 'stopped';
    if (fleet.clock.now() === before) fleet.at(process.endsAt);
    else fleet.world();
  }
  return process.result ?? 'lost';
}

function unreachable(host: string, because: string): Failure {
  return new Failure({
    code: 'ssh.unreachable',
    problem: `SSH to ${host} failed`,
    because,
    effect: 'none',
    next: `Nothing was run. Check that ${host} is up and its SSH server answers, then run it again.`,
  });
}

function lost(host: string, program: string): Failure {
  return new Failure({
    code: 'ssh.lost',
    problem: `${program} on ${host} has no known end`,
    because: 'the connection was lost',
    effect: 'unknown',
    next: `It may have run, and may still be running. Look at ${host} before any retry.`,
  });
}

function late(host: string, program: string, limitMs: number): Failure {
  return new Failure({
    code: 'ssh.timeout',
    problem: `${program} on ${host} did not finish`,
    because: `it was stopped after ${Math.ceil(limitMs / 1000)} s`,
    effect: 'unknown',
    next: `It may have done part of its work. Look at ${host} before any retry.`,
  });
}

function stopped(host: string, program: string, effect: 'none' | 'unknown'): Failure {
  return new Failure({
    code: 'ssh.aborted',
    problem: `${program} on ${host} has no known end`,
    because: 'it was told to stop',
    effect,
    next: effect === 'none' ? 'Nothing was run.' : `Look at ${host} before any retry.`,
  });
}

import { Failure } from '../../domain/failure.ts';
import type { HostKeys } from '../../jobs/ports/host-keys.ts';
import type { RemoteShell } from '../../jobs/ports/remote-shell.ts';
import { claimedRuns } from '../infra/ssh/claimed-runs.ts';
import { hostKeyFailure, keyBlob } from '../infra/ssh/host-key.ts';
import { putRemoteFile } from '../infra/ssh/put-remote-file.ts';
import type { Run } from '../infra/ssh/run-command.ts';
import type { Fleet } from './fleet/fleet.ts';
import { answers } from './fleet/lab-host.ts';
import { processEnd } from './fleet/process-end.ts';

const STATE_DIR = '/var/lib/signalbox/claims';

/** The real shell's claims and files, over commands that run in the fleet instead of through SSH. */
export function simulatedShell(fleet: Fleet, hostKeys: HostKeys): RemoteShell {
  const run: Run = async (host, { argv, stdin = '', timeoutMs: limitMs = Infinity }, signal) => {
    await connect(fleet, hostKeys, host);
    const program = argv[0] ?? '';
    if (signal.aborted) throw stopped(host, program, 'none');
    const process = fleet.exec(host, argv, stdin);
    const end = await processEnd(fleet, process, { limitMs, signal });
    switch (end.kind) {
      case 'ended':
        return { ...end.result, truncated: false };
      case 'lost':
        throw lost(host, program);
      case 'late':
        throw late(host, program, limitMs);
      case 'stopped':
        throw stopped(host, program, 'unknown');
    }
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

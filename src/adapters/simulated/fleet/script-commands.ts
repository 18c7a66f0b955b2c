import { createHash } from 'node:crypto';
import type { ClaimName } from '../../../jobs/ports/remote-shell.ts';
import { SUPERSEDED } from '../../infra/ssh/claim-scripts.ts';
import { NOT_PUT } from '../../infra/ssh/put-file-script.ts';
import type { ScriptCall } from '../../infra/ssh/script-call.ts';
import {
  type CommandPlace,
  failed,
  ok,
  type SimulatedCommand,
  simulatedCommand,
  unwrapped,
} from './commands.ts';
import type { CommandResult, LabClaim, LabHost } from './lab-host.ts';
import { startProcess } from './processes.ts';
import { record } from './world.ts';

/** What the scripts of the shell driver do on a host, in the words that they print. */
export function scriptCommand(place: CommandPlace, call: ScriptCall): SimulatedCommand {
  return { takesMs: 0, run: () => runScript(place, call) };
}

function runScript(place: CommandPlace, call: ScriptCall): CommandResult {
  switch (call.script) {
    case 'put-file':
      return putFile(place, call);
    case 'start-claim':
      return fenced(place, call.claim, () => startClaim(place, call));
    case 'read-claim':
      return fenced(place, call.claim, () => readClaim(place.host, call.claim));
  }
}

function putFile(
  { world, host, stdin }: CommandPlace,
  { path, mode, owner, sha256 }: Extract<ScriptCall, { script: 'put-file' }>,
): CommandResult {
  const old = host.system.files.get(path);
  if (old?.mode === mode && old.owner === owner && digest(old.content) === sha256) {
    return ok('unchanged\n');
  }
  if (digest(stdin) !== sha256) return failed(NOT_PUT, 'the content came short');
  host.system.files.set(path, { content: stdin, mode, owner });
  record(world, { host: host.name, kind: 'put-file', detail: path });
  return ok('written\n');
}

/** An older epoch than one seen here for the same operation is refused. */
function fenced(
  { host }: CommandPlace,
  { op, epoch }: ClaimName,
  go: () => CommandResult,
): CommandResult {
  const top = Math.max(epoch, host.system.epochs.get(op) ?? 0);
  host.system.epochs.set(op, top);
  if (top === epoch) return go();
  return { code: SUPERSEDED, stdout: `superseded ${top}\n`, stderr: '' };
}

function startClaim(
  place: CommandPlace,
  call: Extract<ScriptCall, { script: 'start-claim' }>,
): CommandResult {
  const { world, host } = place;
  const key = claimKey(call.claim);
  if (!host.system.claims.has(key)) {
    const process = startProcess(place, claimedCommand(place, call.argv));
    host.system.claims.set(key, { bootId: host.bootId, process });
    const detail = call.argv.join(' ');
    record(world, { host: host.name, kind: 'claim', op: call.claim.op, detail });
  }
  return readClaim(host, call.claim);
}

function claimedCommand(place: CommandPlace, argv: readonly string[]): SimulatedCommand {
  if (!place.world.faults.strike(place.host.name, 'configure')) {
    return simulatedCommand(place, unwrapped(argv));
  }
  return { takesMs: 2_000, run: () => failed(1, 'mount /srv/cache: no such device') };
}

function readClaim(host: LabHost, claim: ClaimName): CommandResult {
  const found = host.system.claims.get(claimKey(claim));
  return ok(found === undefined ? 'absent\n' : report(host, found));
}

function report(host: LabHost, { bootId, process: { result, lost } }: LabClaim): string {
  if (result) return `exited ${result.code}\n${result.stdout}${result.stderr}`;
  if (bootId !== host.bootId) return 'lost the host was restarted\n';
  return lost ? 'lost its process is gone and left no exit code\n' : 'running\n';
}

function claimKey({ op, step, attempt, part }: ClaimName): string {
  return [op, step, attempt, part].join('.');
}

function digest(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

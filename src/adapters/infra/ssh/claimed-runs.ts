import { type Effect, Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { ClaimedRun, ClaimName, RemoteShell } from '../../../jobs/ports/remote-shell.ts';
import { NOT_CLAIMED, SUPERSEDED } from './claim-scripts.ts';
import type { Run } from './run-command.ts';
import { formatScriptCall, type ScriptCall } from './script-call.ts';

const NAME = /^[a-z0-9](?:[a-z0-9_-]{0,62})$/;

/** Claims by means of the scripts; how they keep their promises is written there. */
export function claimedRuns(
  run: Run,
  stateDir: string,
): Pick<RemoteShell, 'startClaimed' | 'readClaimed'> {
  async function ask(
    host: HostName,
    call: ClaimCall,
    stdin: string | Uint8Array,
    signal: AbortSignal,
  ) {
    checkName(call.claim);
    const argv = formatScriptCall(call);
    const result = await run(host, { argv, stdin, asRoot: true }, signal);
    if (result.code === SUPERSEDED) throw superseded(host, call.claim, result.stdout);
    const answer = result.code === 0 ? parseAnswer(result.stdout) : undefined;
    if (answer !== undefined) return answer;
    const because = result.stderr.trim() || `the script ended with ${result.code}`;
    throw notClaimed(host, stateDir, because, result.code === NOT_CLAIMED ? 'none' : 'unknown');
  }

  return {
    async startClaimed(host, claim, { argv, stdin = '', asRoot, timeoutMs = 0 }, signal) {
      const call: ScriptCall = {
        script: 'start-claim',
        stateDir,
        claim,
        as: asRoot === true ? 'root' : 'login',
        limitSeconds: Math.ceil(timeoutMs / 1000),
        stdinBytes: Buffer.byteLength(stdin),
        argv,
      };
      const answer = await ask(host, call, stdin, signal);
      if (answer.kind !== 'absent') return answer;
      throw notClaimed(host, stateDir, 'the script says that there is no claim', 'unknown');
    },
    async readClaimed(host, claim, signal) {
      const call: ScriptCall = { script: 'read-claim', stateDir, claim };
      const answer = await ask(host, call, '', signal).catch(asReading(host));
      return answer.kind === 'absent' ? undefined : answer;
    },
  };
}

type ClaimCall = Extract<ScriptCall, { claim: ClaimName }>;

/** The parts become a file name in which dots separate them, and numbers that a shell compares. */
function checkName({ op, step, part, attempt, epoch }: ClaimName): void {
  const bad = [op, step, part].find((name) => !NAME.test(name));
  if (bad !== undefined)
    throw new TypeError(`Not a part of a claim's name: ${JSON.stringify(bad)}`);
  for (const number of [attempt, epoch]) {
    if (!Number.isSafeInteger(number) || number < 0) {
      throw new TypeError(`Not an attempt or epoch: ${number}`);
    }
  }
}

function parseAnswer(stdout: string): ClaimedRun | { readonly kind: 'absent' } | undefined {
  const newline = stdout.indexOf('\n');
  const line = stdout.slice(0, newline);
  const space = `${line} `.indexOf(' ');
  const rest = line.slice(space + 1);
  switch (line.slice(0, space)) {
    case 'absent':
      return { kind: 'absent' };
    case 'running':
      return { kind: 'running' };
    case 'lost':
      return { kind: 'lost', because: rest };
    case 'exited':
      return { kind: 'exited', code: Number(rest), output: stdout.slice(newline + 1) };
    default:
      return undefined;
  }
}

function superseded(host: HostName, { op, step, epoch }: ClaimName, stdout: string): Failure {
  const newer = stdout.trim().split(' ')[1];
  return new Failure({
    code: 'ssh.claim-superseded',
    problem: `${host} refused ${step} of ${op}`,
    because: `epoch ${newer} has been there and this is epoch ${epoch}`,
    effect: 'none',
    next: `Nothing was started. Another worker has taken ${op} over; leave it to that one.`,
  });
}

function notClaimed(host: HostName, stateDir: string, because: string, effect: Effect): Failure {
  const look = `Check ${stateDir} on ${host} and the room on its disk.`;
  return new Failure({
    code: 'ssh.not-claimed',
    problem: `No claim could be made on ${host}`,
    because,
    effect,
    next: effect === 'none' ? `Nothing was started. ${look}` : `It may have been started. ${look}`,
  });
}

/** Reading may be repeated whatever became of it. */
function asReading(host: HostName) {
  return (error: unknown): never => {
    if (!(error instanceof Failure) || error.effect === 'none') throw error;
    throw new Failure({
      code: error.code,
      problem: `The claim on ${host} was not read`,
      because: error.message,
      effect: 'none',
      next: 'Nothing was changed. Ask again.',
      cause: error,
    });
  };
}

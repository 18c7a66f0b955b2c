import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { Failure } from '../../../src/domain/failure.ts';
import { HostName } from '../../../src/domain/ids.ts';
import type { Way } from '../../../src/jobs/model/event.ts';
import type { StepContext } from '../../../src/jobs/model/runbook.ts';
import type { ClaimedRun } from '../../../src/jobs/ports/remote-shell.ts';

export const With = z.strictObject({ host: HostName, folder: z.string() });
export type Context = StepContext<z.infer<typeof With>>;

const LOOK_AGAIN_MS = 60;
const COMMAND_MS = 10_000;

type Verb = 'look' | 'act' | 'count' | 'read' | 'set' | 'arm' | 'fire' | 'disarm' | 'try';

interface Call {
  readonly verb: Verb;
  readonly way?: Way;
  readonly value?: string;
}

function wordsOf(context: Context, { verb, way = 'run', value }: Call): readonly string[] {
  const { op, step, attempt, epoch, with: given } = context;
  const worker = process.env.FAULTS_MEMBER ?? 'nobody';
  const script = `${given.folder}/act`;
  const named = [op, step, way, attempt, epoch, worker].map(String);
  return ['sh', script, given.folder, verb, ...named, ...(value === undefined ? [] : [value])];
}

/** Sent as it is: nothing on the target refuses it, whoever sends it. */
export async function send(context: Context, call: Call): Promise<string> {
  const { ports, signal, with: given } = context;
  const command = { argv: wordsOf(context, call), timeoutMs: COMMAND_MS };
  const { code, stdout, stderr } = await ports.shell.run(given.host, command, signal);
  if (code === 0) return stdout.trim();
  throw refused(call.verb, `${code} ${stderr}`.trim());
}

/** Under a claim: the target runs it once for an attempt, and for no older epoch than it has seen. */
export async function sendOnce(context: Context, call: Call, part: string): Promise<void> {
  const { op, step, attempt, epoch, ports, signal, with: given } = context;
  const claim = { op, step, attempt, part, epoch };
  const command = { argv: wordsOf(context, call), timeoutMs: COMMAND_MS };
  const { shell } = ports;
  let ran: ClaimedRun | undefined = await shell.startClaimed(given.host, claim, command, signal);
  while (ran?.kind === 'running') {
    await delay(LOOK_AGAIN_MS, undefined, { signal });
    ran = await shell
      .readClaimed(given.host, claim, signal)
      .catch((problem) => throwAfterStart(call.verb, problem));
  }
  if (ran?.kind === 'exited' && ran.code === 0) return;
  if (ran?.kind === 'exited') throw refused(call.verb, String(ran.code));
  throw lost(call.verb, ran?.because ?? 'there is no claim any more');
}

/** That nothing was changed is true of reading, and not of what was started before. */
function throwAfterStart(verb: Verb, problem: unknown): never {
  throw problem instanceof Failure ? lost(verb, problem.message) : problem;
}

function refused(verb: Verb, because: string): Failure {
  return new Failure({
    code: 'toy.refused',
    problem: `${verb} was refused`,
    because,
    effect: 'none',
    next: 'Try again.',
  });
}

function lost(verb: Verb, because: string): Failure {
  return new Failure({
    code: 'toy.lost',
    problem: `${verb} has no known end`,
    because,
    effect: 'unknown',
    next: 'Look at the target.',
  });
}

import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { StepContext } from '../../model/runbook.ts';
import type { ClaimedRun } from '../../ports/remote-shell.ts';

const POLL_MS = 2_000;

export interface CommandsRun {
  /** How many have ended well, from the first on: to be remembered before more is done. */
  readonly ended: number;
  /** The one that goes on, and when to look again; absent when all have ended well. */
  readonly running?: { readonly argv: readonly string[]; readonly afterMs: number };
}

/**
 * Commands in their order, each once and logged once. Goes on after those that had `ended` when this was last called, one
 * at a time, so that whoever takes over knows which those are.
 */
export async function runCommands(
  context: StepContext<unknown>,
  host: HostName,
  commands: readonly (readonly string[])[],
  ended: number,
): Promise<CommandsRun> {
  const [argv, next] = commands.slice(ended).map((words) => forHost(words, host));
  if (argv === undefined) return { ended };
  const { ran, attempt } = await runOnce(context, host, argv, `command-${ended + 1}`);
  if (ran.kind === 'running') return { ended, running: { argv, afterMs: POLL_MS } };
  if (ran.kind === 'exited') logRun(context, argv, ran, attempt);
  verifyRun(host, argv, ran);
  return { ended: ended + 1, ...(next && { running: { argv: next, afterMs: 0 } }) };
}

function forHost(words: readonly string[], host: HostName): readonly string[] {
  return words.map((word) => word.replaceAll('{host}', host));
}

/** Whatever an earlier attempt has finished well is not done again. Which attempt it was that did it. */
async function runOnce(
  context: StepContext<unknown>,
  host: HostName,
  argv: readonly string[],
  part: string,
): Promise<{ readonly ran: ClaimedRun; readonly attempt: number }> {
  const {
    op,
    step,
    attempt,
    epoch,
    ports: { shell },
    signal,
  } = context;
  for (let earlier = 1; earlier < attempt; earlier += 1) {
    const claim = { op, step, attempt: earlier, part, epoch };
    const ran = await shell.readClaimed(host, claim, signal);
    if (ran?.kind === 'exited' && ran.code === 0) return { ran, attempt: earlier };
  }
  const claim = { op, step, attempt, part, epoch };
  return { ran: await shell.startClaimed(host, claim, { argv, asRoot: true }, signal), attempt };
}

/** A retry must not read as if the command had run again. */
function logRun(
  { log, attempt: now }: StepContext<unknown>,
  argv: readonly string[],
  { output }: { readonly output: string },
  attempt: number,
): void {
  const when = attempt === now ? '' : ` (ran in attempt ${attempt})`;
  log(`$ ${argv.join(' ')}${when}\n${output}`);
}

/** A Failure for whatever did not end with 0. */
function verifyRun(
  host: HostName,
  argv: readonly string[],
  ran: Exclude<ClaimedRun, { kind: 'running' }>,
): void {
  if (ran.kind === 'exited' && ran.code === 0) return;
  const because = ran.kind === 'lost' ? `${argv[0]}: ${ran.because}` : lastLine(argv, ran);
  throw new Failure({
    code: ran.kind === 'lost' ? 'configure.lost' : 'configure.failed',
    problem: host,
    because,
    effect: ran.kind === 'lost' ? 'unknown' : 'none',
    next: `Mend it on ${host}; retry goes on with this command.`,
  });
}

/** Programs name themselves in what they complain about. */
function lastLine(
  argv: readonly string[],
  { output, code }: { output: string; code: number },
): string {
  const said = output.trimEnd().split('\n').at(-1)?.trim();
  return said || `${argv.join(' ')}: exit code ${code}`;
}

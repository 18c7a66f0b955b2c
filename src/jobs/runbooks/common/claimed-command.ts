import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { StepContext } from '../../model/runbook.ts';
import type { ClaimedRun } from '../../ports/remote-shell.ts';

/** Commands in their order, each once. The one that goes on running, or undefined when all have ended well. */
export async function runCommands(
  context: StepContext<unknown>,
  host: HostName,
  commands: readonly (readonly string[])[],
): Promise<readonly string[] | undefined> {
  for (const [place, words] of commands.entries()) {
    const argv = words.map((word) => word.replaceAll('{host}', host));
    const ran = await runOnce(context, host, argv, `command-${place + 1}`);
    if (ran.kind === 'running') return argv;
    verifyRun(context, host, argv, ran);
  }
  return undefined;
}

/** Whatever an earlier attempt has finished well is not done again. */
async function runOnce(
  context: StepContext<unknown>,
  host: HostName,
  argv: readonly string[],
  part: string,
): Promise<ClaimedRun> {
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
    if (ran?.kind === 'exited' && ran.code === 0) return ran;
  }
  const claim = { op, step, attempt, part, epoch };
  return shell.startClaimed(host, claim, { argv, asRoot: true }, signal);
}

/** A Failure for whatever did not end with 0. */
function verifyRun(
  { log }: Pick<StepContext<unknown>, 'log'>,
  host: HostName,
  argv: readonly string[],
  ran: Exclude<ClaimedRun, { kind: 'running' }>,
): void {
  if (ran.kind === 'exited') log(`$ ${argv.join(' ')}\n${ran.output}`);
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

import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { StepContext } from '../../model/runbook.ts';
import type { ClaimedRun } from '../../ports/remote-shell.ts';

type Context = StepContext<unknown>;
const LIMIT_MS = 20_000;
/** What systemd calls a unit of which nothing runs. */
const STOPPED = new Set(['inactive', 'failed']);
const RUNNING = new Set(['active', 'activating', 'deactivating', 'reloading', 'refreshing']);

/** As the member says. A Failure when it cannot be asked, or when what it says is neither. */
export async function unitState(
  { ports, signal }: Pick<Context, 'ports' | 'signal'>,
  host: HostName,
  unit: string,
): Promise<'running' | 'stopped'> {
  const command = { argv: ['systemctl', 'is-active', unit], timeoutMs: LIMIT_MS };
  const { stdout, stderr } = await ports.shell.run(host, command, signal);
  const said = stdout.trim();
  if (RUNNING.has(said)) return 'running';
  if (STOPPED.has(said)) return 'stopped';
  throw new Failure({
    code: 'swap.unit-unknown',
    problem: `nobody knows whether ${unit} runs on ${host}`,
    because: said || stderr.trim() || 'systemctl says nothing',
    effect: 'none',
    next: `Look at ${unit} on ${host}; then retry.`,
  });
}

/** Under a claim on the host: what a worker that was lost sent late is refused there. Undefined while it runs. */
export async function changeUnit(
  context: Context,
  host: HostName,
  verb: 'start' | 'stop',
  unit: string,
): Promise<'done' | undefined> {
  const { op, step, attempt, epoch, ports, signal } = context;
  const claim = { op, step, attempt, part: `${verb}-${partOf(unit)}`, epoch };
  const command = { argv: ['systemctl', verb, unit], asRoot: true };
  const ran = await ports.shell.startClaimed(host, claim, command, signal);
  if (ran.kind === 'running') return undefined;
  refuseUnended(ran, host, verb, unit);
  return 'done';
}

/** Claims are directories. */
function partOf(unit: string): string {
  return unit.replaceAll(/[^A-Za-z0-9_-]/g, '_');
}

function refuseUnended(
  ran: Exclude<ClaimedRun, { kind: 'running' }>,
  host: string,
  verb: string,
  unit: string,
): void {
  if (ran.kind === 'exited' && ran.code === 0) return;
  const said = ran.kind === 'lost' ? ran.because : ran.output.trim().split('\n').at(-1);
  throw new Failure({
    code: verb === 'stop' ? 'swap.unit-not-stopped' : 'swap.unit-not-started',
    problem: `${unit} could not be ${verb === 'stop' ? 'stopped' : 'started'} on ${host}`,
    because: said || 'systemctl does not say why',
    effect: 'none',
    next: `Look at ${unit} on ${host}, then retry.`,
  });
}

import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { StepContext } from '../../model/runbook.ts';
import type { ClaimedRun } from '../../ports/remote-shell.ts';
import { UNIT_PROPERTIES, unitStateOf } from './units.ts';

type Context = StepContext<unknown>;
const LIMIT_MS = 20_000;

/** As the member says. A Failure when it cannot be asked, or when what it says is neither. */
export async function unitState(
  { ports, signal }: Pick<Context, 'ports' | 'signal'>,
  host: HostName,
  unit: string,
): Promise<'running' | 'stopped'> {
  const argv = ['systemctl', 'show', `--property=${UNIT_PROPERTIES.join(',')}`, '--', unit];
  const { code, stdout } = await ports.shell.run(host, { argv, timeoutMs: LIMIT_MS }, signal);
  const state = unitStateOf(stdout);
  if (code === 0 && state.kind !== 'unknown') return state.kind;
  throw new Failure({
    code: 'swap.unit-unknown',
    problem: `nobody knows whether ${unit} runs on ${host}`,
    because: state.kind === 'unknown' ? state.because : `systemctl ended with ${code}`,
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

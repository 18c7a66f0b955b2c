import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { StepContext } from '../../model/runbook.ts';
import type { ClaimedRun } from '../../ports/remote-shell.ts';
import { startsAtBoot, UNIT_PROPERTIES, type UnitState, unitStateOf } from './units.ts';

type Context = StepContext<unknown>;
const LIMIT_MS = 20_000;

const DONE = {
  start: 'started',
  stop: 'stopped',
  enable: 'enabled',
  disable: 'disabled',
} as const;
type Verb = keyof typeof DONE;

interface UnitSeen {
  readonly state: 'running' | 'stopped';
  readonly atBoot: boolean;
}

/** As the member says. A Failure when it cannot be asked, or when what it says is neither. */
export async function unitState(
  context: Pick<Context, 'ports' | 'signal'>,
  host: HostName,
  unit: string,
): Promise<UnitSeen['state']> {
  return (await seeUnit(context, host, unit)).state;
}

/** The same, with whether the member would start it when it boots. */
export async function seeUnit(
  { ports, signal }: Pick<Context, 'ports' | 'signal'>,
  host: HostName,
  unit: string,
): Promise<UnitSeen> {
  const argv = ['systemctl', 'show', `--property=${UNIT_PROPERTIES.join(',')}`, '--', unit];
  const { code, stdout } = await ports.shell.run(host, { argv, timeoutMs: LIMIT_MS }, signal);
  const state = unitStateOf(stdout);
  const atBoot = startsAtBoot(stdout);
  if (code === 0 && state.kind !== 'unknown' && atBoot !== undefined)
    return { state: state.kind, atBoot };
  throw new Failure({
    code: 'swap.unit-unknown',
    problem: `nobody knows whether ${unit} runs on ${host}`,
    because: unsaid(state, code),
    effect: 'none',
    next: `Look at ${unit} on ${host}; then retry.`,
  });
}

function unsaid(state: UnitState, code: number): string {
  if (state.kind === 'unknown') return state.because;
  if (code !== 0) return `systemctl ended with ${code}`;
  return 'systemctl does not say whether it is enabled';
}

/** Under a claim on the host: what a worker that was lost sent late is refused there. Undefined while it runs. */
export async function changeUnit(
  context: Context,
  host: HostName,
  verb: Verb,
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
  verb: Verb,
  unit: string,
): void {
  if (ran.kind === 'exited' && ran.code === 0) return;
  const said = ran.kind === 'lost' ? ran.because : ran.output.trim().split('\n').at(-1);
  throw new Failure({
    code: `swap.unit-not-${DONE[verb]}`,
    problem: `${unit} could not be ${DONE[verb]} on ${host}`,
    because: said || 'systemctl does not say why',
    effect: 'none',
    next: `Look at ${unit} on ${host}, then retry.`,
  });
}

/** Sees to it for each, in their order. What goes on, in words; undefined once all are so. */
export async function setAllAtBoot(
  context: Context,
  host: HostName,
  units: readonly string[],
  atBoot: boolean,
): Promise<string | undefined> {
  for (const unit of units) {
    const set = await setAtBoot(context, host, unit, atBoot);
    if (set === undefined) return `${atBoot ? 'enabling' : 'disabling'} ${unit} on ${host}`;
  }
  return undefined;
}

/** Sees to it that the member starts the unit when it boots, or does not. A Failure where that is not so afterwards. */
export async function setAtBoot(
  context: Context,
  host: HostName,
  unit: string,
  atBoot: boolean,
): Promise<'done' | undefined> {
  if ((await seeUnit(context, host, unit)).atBoot === atBoot) return 'done';
  const verb = atBoot ? 'enable' : 'disable';
  const changed = await changeUnit(context, host, verb, unit);
  if (changed === undefined) return undefined;
  if ((await seeUnit(context, host, unit)).atBoot === atBoot) return 'done';
  throw new Failure({
    code: atBoot ? 'swap.unit-not-enabled' : 'swap.unit-not-disabled',
    problem: `${unit} is ${atBoot ? 'not started' : 'started'} when ${host} boots`,
    because: `systemctl ${verb} said that it was done`,
    effect: 'none',
    next: `Look at ${unit} on ${host}, then retry.`,
  });
}

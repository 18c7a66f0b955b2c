import type { HostName, OpId, StepId, UserId, ZoneName } from '../../domain/ids.ts';
import type { Ended, Result } from '../../jobs/model/event.ts';
import type { PlannedStep } from '../../jobs/model/plan.ts';
import { type OperationState, tookMs } from '../../jobs/model/state.ts';
import type { PlanEstimate } from '../estimates/estimates.ts';

/** What other programs are told of an operation that is over. Times are ISO 8601 in UTC. Fields are only ever added. */
export interface OperationReport {
  readonly event: 'ended';
  readonly op: OpId;
  readonly parent: OpId | null;
  readonly runbook: { readonly name: string; readonly version: number };
  readonly command: string;
  readonly zone: ZoneName;
  readonly hosts: readonly HostName[];
  readonly outcome: Ended;
  readonly because: string;
  /** How it leaves its target, where it was given up. */
  readonly leftBehind: string | null;
  readonly requester: UserId;
  readonly approvers: readonly UserId[];
  /** Whether its requester is among them, which a site has to allow by name. */
  readonly selfApproved: boolean;
  readonly answerers: readonly UserId[];
  /** The break-glass that anything of it was done under; null where the directory vouched for everybody. */
  readonly breakGlass: string | null;
  readonly requestedAt: string;
  /** When its first step began; null when none did. */
  readonly startedAt: string | null;
  readonly endedAt: string;
  readonly steps: readonly ReportedStep[];
  /** How often a step was tried again. */
  readonly retries: number;
  readonly skips: readonly StepId[];
}

interface ReportedStep {
  readonly step: StepId;
  readonly target: string;
  /** `not-run` also for one that was being run when the operation was given up. */
  readonly result: Result['kind'] | 'not-run';
  readonly undone: boolean;
  readonly tries: number;
  /** All tries together in milliseconds, without what they waited for people. */
  readonly tookMs: number;
  /** The median of earlier runs; null as long as there are too few. */
  readonly usuallyMs: number | null;
}

/** The report of an operation as it was when it ended. */
export function operationReport(
  state: OperationState,
  estimate: PlanEstimate,
  timeScale: number,
): OperationReport {
  const { op, phase, request, requester, approvals, answerers, timings } = state;
  if (phase.kind !== 'ended') throw new Error(`${op} has not ended`);
  const { plan, command, parent = null } = request;
  const steps = plan.steps.map((step) => reported(step, state, estimate, timeScale));
  const [first] = timings;
  return {
    event: 'ended',
    op,
    parent,
    runbook: plan.runbook,
    command,
    zone: plan.zone,
    hosts: hostsOf(state),
    outcome: phase.outcome,
    because: phase.because,
    leftBehind: leftBehind(state) ?? null,
    requester,
    approvers: [...new Set(approvals.map(({ by }) => by))],
    selfApproved: approvals.some(({ by }) => by === requester),
    answerers: [...new Set(answerers)],
    breakGlass: state.glass ?? null,
    requestedAt: isoTime(state.requestedAt),
    startedAt: first ? isoTime(first.startedAt) : null,
    endedAt: isoTime(state.lastAt),
    steps,
    retries: timings.filter(({ attempt, way }) => way === 'run' && attempt > 1).length,
    skips: steps.filter(({ result }) => result === 'skipped').map(({ step }) => step),
  };
}

function reported(
  { id, target }: PlannedStep,
  { timings, results, undone }: OperationState,
  estimate: PlanEstimate,
  timeScale: number,
): ReportedStep {
  const tries = timings.filter(({ step, way }) => step === id && way === 'run');
  const usual = estimate.get(id);
  return {
    step: id,
    target,
    result: results.get(id)?.kind ?? 'not-run',
    undone: undone.get(id)?.kind === 'done',
    tries: tries.length,
    tookMs: tries.reduce((sum, timing) => sum + tookMs(timing), 0) * timeScale,
    usuallyMs: usual?.learned ? usual.ms : null,
  };
}

/** What it acted on, and what its children were allowed to. */
function hostsOf({ request: { host, plan } }: OperationState): readonly HostName[] {
  return [...new Set([...(host ? [host] : []), ...(plan.mayStart?.hosts ?? [])])];
}

/** An operation that was given up says how it leaves its target. */
export function leftBehind({ phase, current, request }: OperationState): string | undefined {
  if (phase.kind !== 'ended' || phase.outcome !== 'abandoned') return undefined;
  return request.plan.steps.find(({ id }) => id === current?.step)?.leftBehind;
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}

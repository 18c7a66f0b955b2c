import { createHash } from 'node:crypto';
import { Failure } from '../../domain/failure.ts';
import { OP_ALPHABET, OpId, type StepId } from '../../domain/ids.ts';
import type { Json } from '../../domain/json.ts';
import type { Append, Journal } from '../journal/journal.ts';
import type { Ended, EventOf } from '../model/event.ts';
import { foldEntries } from '../model/fold.ts';
import { digestOf, type Plan } from '../model/plan.ts';
import type { OperationState } from '../model/state.ts';
import { planOperation } from './plan-operation.ts';
import type { CallBounds } from './step-context.ts';
import type { Tenure } from './tenure.ts';

/** Plans a child of this operation. A Failure when the approved plan does not cover it. */
export async function planChild(
  { engine, state, ref: { zone } }: Tenure,
  runbook: string,
  input: Json,
  { ports, signal }: CallBounds,
): Promise<Plan> {
  const refused = notCovered(state, runbook, input);
  if (refused !== undefined) throw uncovered(runbook, refused);
  const definition = engine.runbooks.get(runbook);
  if (definition === undefined) throw uncovered(runbook, 'this worker has no such runbook');
  const plan = await planOperation(definition, input, ports, signal);
  if (plan.zone !== zone) throw uncovered(runbook, `it is in ${plan.zone}, its parent in ${zone}`);
  return plan;
}

/** Requests each child once: its id follows from operation, step and place, so a repeat finds it there. */
export async function requestChildren(
  { engine, ref, state }: Tenure,
  step: StepId,
  plans: readonly Plan[],
): Promise<void> {
  for (const [place, plan] of plans.entries()) {
    const op = childId(ref.op, step, place);
    const event = childRequest(state, plan);
    const { requester: by } = state;
    await engine.journal.append(
      { op, zone: plan.zone },
      { events: [event], by, seq: 0, dueInMs: 0 },
    );
  }
}

/** Tells the parent how its child ended. The parent takes it in once, however often it is told. */
export async function tellParent({ engine, ref, state }: Tenure, outcome: Ended): Promise<void> {
  const { parent } = state.request;
  if (parent === undefined) return;
  await engine.journal.append({ op: parent, zone: ref.zone }, childEnded(ref.op, outcome));
}

export function childEnded(op: OpId, outcome: Ended): Append {
  return {
    events: [{ kind: 'child-ended', op, outcome }],
    by: 'engine',
    source: { network: 'engine', message: `${op} ended` },
  };
}

/**
 * Why nobody approved this child, or undefined when its parent's approved plan covers it. A worker asked for it in the
 * requester's name and without a bot's signature, so that it counts only as far as its parent does.
 */
export async function notCoveredByParent(
  journal: Pick<Journal, 'read'>,
  parent: OpId,
  child: OperationState,
): Promise<string | undefined> {
  const { zone } = child.request.plan;
  const state = foldEntries(parent, await journal.read({ op: parent, zone }));
  if (state === undefined) return `there is no ${parent}`;
  if (state.unvouched !== undefined) return `${parent} does not count: ${state.unvouched}`;
  if (state.timings.length === 0 && state.current === undefined) return `${parent} has not begun`;
  if (state.requester !== child.requester) return `${parent} was asked for by ${state.requester}`;
  if (!mayBeNamed(child.op, state)) return `${parent} starts no ${child.op}`;
  const { plan } = child.request;
  const refused = notCovered(state, plan.runbook.name, plan.input);
  return refused && `of ${parent}, ${refused}`;
}

function mayBeNamed(op: OpId, { op: parent, request }: OperationState): boolean {
  const { steps, mayStart } = request.plan;
  const places = Array.from(mayStart?.hosts ?? [], (_, place) => place);
  return steps.some(({ id }) => places.some((place) => childId(parent, id, place) === op));
}

function notCovered({ request }: OperationState, runbook: string, input: Json): string | undefined {
  const { mayStart } = request.plan;
  if (mayStart === undefined) return 'its plan starts nothing';
  if (mayStart.runbook !== runbook) return `its plan starts only ${mayStart.runbook}`;
  const { host, ...fixed } = input as { readonly [key: string]: Json };
  if (!mayStart.hosts.some((covered) => covered === host)) return `${host} is not among its hosts`;
  const same = digestOf(fixed) === digestOf(mayStart.fixed);
  return same ? undefined : 'its arguments are not the approved ones';
}

function uncovered(runbook: string, because: string): Failure {
  return new Failure({
    code: 'child.not-covered',
    problem: `starting ${runbook} was not approved`,
    because,
    effect: 'none',
    next: 'Ask for it as an operation of its own.',
  });
}

function childRequest({ request, op }: OperationState, plan: Plan): EventOf<'requested'> {
  const { command, inventory, origin } = request;
  return {
    kind: 'requested',
    plan,
    command,
    inventory,
    origin,
    approvalExpiresAt: request.approvalExpiresAt,
    estimateMs: request.estimateMs,
    parent: op,
  };
}

function childId(parent: OpId, step: StepId, place: number): OpId {
  const digest = createHash('sha256').update(`${parent} ${step} ${place}`).digest();
  const letters = Array.from(
    digest.subarray(0, 8),
    (byte) => OP_ALPHABET[byte % OP_ALPHABET.length],
  );
  return OpId.parse(`op-${letters.join('')}`);
}

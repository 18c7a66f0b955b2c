import { rootMessage } from '../../domain/failure.ts';
import type { UserId } from '../../domain/ids.ts';
import { countApprovals } from '../../policies/approvals.ts';
import { type Authorized, authorize } from '../../policies/authorize.ts';
import { glassGroup, glassOf, glassRule } from '../../policies/break-glass.ts';
import type { Directory, Identified } from '../../policies/directory.ts';
import type { Policy } from '../../policies/policy.ts';
import { tooWeak } from '../../policies/strength.ts';
import type { Glass } from '../glass/glass.ts';
import { glassDirectory } from '../glass/glass-directory.ts';
import { NothingToDo } from '../model/nothing-to-do.ts';
import { type Demand, digestOfPlan } from '../model/plan.ts';
import type { Runbook } from '../model/runbook.ts';
import { subjectKey } from '../model/same-subject.ts';
import type { OperationState, Phase } from '../model/state.ts';
import { askOf } from './ask-of.ts';
import { notCoveredByParent } from './children.ts';
import type { Gate, GateAnswer } from './gate.ts';
import { type InterlockGateOptions, mayClaim, mayGoOn } from './interlock-gate.ts';
import { planOperation } from './plan-operation.ts';

export interface PolicyGateOptions extends InterlockGateOptions {
  readonly policy: () => Policy;
  readonly glass: Glass;
  readonly runbooks: ReadonlyMap<string, Runbook>;
}

const YES: GateAnswer = { kind: 'yes' };

/** The policies, asked with what directory, inventory and build system say now. */
export function policyGate(options: PolicyGateOptions): Gate {
  return {
    mayProceed: (state) => mayProceed(options, state),
    planHolds: (state, signal) => planHolds(options, state, signal),
    mayClaim: (state, view, signal) => mayClaim(options, state, view, signal),
    mayGoOn: (state, view, signal) => mayGoOn(options, state, view, signal),
  };
}

async function mayProceed(options: PolicyGateOptions, state: OperationState): Promise<GateAnswer> {
  const { journal, policy } = options;
  const { parent, glass } = state.request;
  if (parent !== undefined) {
    // A child was approved with its parent, and asked for by the parent's requester.
    const because = await notCoveredByParent(journal, parent, state);
    return because === undefined ? YES : { kind: 'no', because };
  }
  if (glass !== undefined) return mayProceedUnderGlass(options, state, glass);
  const requester = await options.directory.person(state.requester, 'fresh');
  const authorized = mayAsk(requester, state, policy(), options);
  if (authorized.kind !== 'allow') return authorized;
  return approvalsSuffice(options, state, awaitedBy(state));
}

/**
 * What was asked for under break-glass goes on while that is open, with the approval of another holder. Once the directory
 * answers again, the ordinary rules decide about all of it.
 */
async function mayProceedUnderGlass(
  options: PolicyGateOptions,
  state: OperationState,
  name: string,
): Promise<GateAnswer> {
  const configured = options.glass.configured();
  const directory = glassDirectory(() => options.directory, options.glass);
  const requester = await directory.person(state.requester, 'fresh');
  const isHolder = requester.kind === 'person' && glassOf(requester.person) !== undefined;
  const policy = options.policy();
  const granted = isHolder && configured ? { ...policy, rules: [glassRule(configured)] } : policy;
  const authorized = mayAsk(requester, state, granted, options);
  if (authorized.kind !== 'allow') return authorized;
  const isStep = state.phase.kind === 'approval' && 'step' in state.phase.subject;
  const ordinary = authorized.demand && { ...planSubject(state), demand: authorized.demand };
  const awaited = isHolder || isStep ? awaitedBy(state) : ordinary;
  const answer = await approvalsSuffice({ ...options, directory }, state, awaited);
  if (isHolder || isStep || answer.kind !== 'not-yet') return answer;
  const because = `it was approved under break-glass ${name}, and the directory answers again: ask for it again`;
  return { kind: 'no', because };
}

function mayAsk(
  requester: Identified,
  state: OperationState,
  policy: Policy,
  { inventory }: PolicyGateOptions,
): Extract<Authorized, { kind: 'allow' }> | Exclude<GateAnswer, { kind: 'yes' }> {
  if (requester.kind === 'unavailable') return silent(requester);
  if (requester.kind === 'nobody') return { kind: 'no', because: requester.because };
  const { person } = requester;
  const ask = { ...askOf(state, inventory()), person, from: state.request.origin };
  const authorized = authorize(ask, policy);
  return authorized.kind === 'allow' ? authorized : { kind: 'no', because: authorized.because };
}

type Awaited = Pick<Extract<Phase, { kind: 'approval' }>, 'demand' | 'subject'>;

async function approvalsSuffice(
  { directory, policy, inventory }: PolicyGateOptions,
  state: OperationState,
  awaited: Awaited | undefined,
): Promise<GateAnswer> {
  if (awaited === undefined) return YES;
  const { request, approvals } = state;
  const { strength, selfApproval } = policy();
  const deed = askOf(state, inventory());
  const people = new Set(approvals.map(({ by }) => by));
  const groups = await groupsOf(directory, people);
  const counted = countApprovals({
    requester: state.requester,
    subject: subjectKey(awaited.subject),
    demand: awaited.demand,
    approvals: approvals.map((given) => ({ ...given, subject: subjectKey(given.subject) })),
    groupsOf: (person) => groups.get(person),
    weaknessOf: (network) => tooWeak({ ...deed, deed: 'approve', network }, strength),
    // Break-glass takes two people, whatever the site lets one of them do.
    selfApproval: state.glass === undefined ? selfApproval : [],
  });
  switch (counted.kind) {
    case 'enough':
      return YES;
    case 'unavailable':
      return counted;
    case 'missing':
      return counted.discounted.length === 0
        ? { kind: 'not-yet' }
        : { kind: 'not-yet', because: missing(counted, request.command) };
    default:
      return counted satisfies never;
  }
}

/** What an operation waits for, or once waited for. */
function awaitedBy(state: OperationState): Awaited | undefined {
  const { phase, request } = state;
  if (phase.kind === 'approval') return { ...phase, demand: demandNow(state, phase.demand) };
  return request.demand && { ...planSubject(state), demand: request.demand };
}

function planSubject({ request }: OperationState) {
  return { subject: { plan: request.plan.digest } };
}

/** What a step of an operation under break-glass wants approved, another holder may approve as well. */
export function demandNow({ request }: OperationState, demand: Demand): Demand {
  const { glass: name } = request;
  if (name === undefined) return demand;
  return { ...demand, groups: [...new Set([...demand.groups, glassGroup({ name })])] };
}

function missing(
  counted: { missing: number; discounted: readonly { by: UserId; because: string }[] },
  command: string,
): string {
  const without = counted.discounted.map(({ by, because }) => `${by} ${because}`).join(', ');
  const approvals = counted.missing === 1 ? 'an approval' : `${counted.missing} approvals`;
  return `${command} lacks ${approvals}: ${without}`;
}

/** Undefined for whom the directory did not answer about; nobody is in no group. */
async function groupsOf(
  directory: Directory,
  people: Iterable<UserId>,
): Promise<ReadonlyMap<UserId, readonly string[] | undefined>> {
  const asked = [...people].map(async (person) => {
    const found = await directory.person(person, 'fresh');
    if (found.kind === 'unavailable') return [person, undefined] as const;
    return [person, found.kind === 'person' ? found.person.groups : []] as const;
  });
  return new Map(await Promise.all(asked));
}

async function planHolds(
  { runbooks, read }: PolicyGateOptions,
  { request }: OperationState,
  signal: AbortSignal,
): Promise<GateAnswer> {
  const { plan } = request;
  const runbook = runbooks.get(plan.runbook.name);
  if (runbook === undefined)
    return { kind: 'no', because: `there is no ${plan.runbook.name} here` };
  try {
    const now = await planOperation(runbook, plan.input, read, signal);
    // What is approved is a digest, and what is run is the rest of the plan.
    if (now.digest === plan.digest && digestOfPlan(plan) === plan.digest) return YES;
    return {
      kind: 'no',
      because: 'the plan is another one now than was approved: ask for it again',
    };
  } catch (problem) {
    if (problem instanceof NothingToDo) return { kind: 'no', because: problem.message };
    return { kind: 'unavailable', because: `it cannot be planned now: ${rootMessage(problem)}` };
  }
}

function silent({
  directory,
  because,
}: {
  directory: string;
  because: string;
}): Extract<GateAnswer, { kind: 'unavailable' }> {
  return { kind: 'unavailable', because: `${directory} did not answer: ${because}` };
}

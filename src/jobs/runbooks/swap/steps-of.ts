import { StepId } from '../../../domain/ids.ts';
import type { PlannedStep } from '../../model/plan.ts';
import { coming, leaving } from './builder-steps.ts';
import type { SwapFacts, SwapInput } from './facts.ts';
import { testing, updating } from './member-steps.ts';
import type { StepDraft } from './step-draft.ts';

/** The whole way from one member to the other, in its order. */
export function swapSteps(
  { service }: SwapInput,
  facts: SwapFacts,
  by: 'swap' | 'maintain',
): readonly PlannedStep[] {
  const { zone, name, from, to, reboots } = facts;
  const leave = leaving(facts, by);
  const drafts: readonly StepDraft[] = [
    ...before(facts),
    // A reboot would end their builds.
    ...(reboots ? leave : []),
    ...updating(service, facts, 'standby'),
    testing(service, facts, 'standby'),
    ...(reboots ? [] : leave),
    waitingForTtl(facts),
    ...promoting(facts),
    ...moving(facts),
    ...updating(service, facts, 'old'),
    testing(service, facts, 'old'),
    ...coming(facts),
    raising(facts),
  ];
  return drafts.map(({ with: own, ...draft }) => ({
    recheck: false,
    skippable: false,
    ...draft,
    id: StepId.parse(draft.id),
    zone,
    with: own ?? { service, name, from, to },
  }));
}

function before({ name, from, to, swapTtl }: SwapFacts): readonly StepDraft[] {
  return [
    {
      id: 'ready',
      uses: 'ready',
      title: `see that ${to.host} is ready`,
      target: to.host,
      risk: 'read-only',
      undo: 'nothing-to-undo',
      leftBehind: `${name} points at ${from.host}, nothing was done`,
      protects: 'active is what every authoritative DNS server says, and no file',
    },
    {
      id: 'lower-ttl',
      uses: 'lowerTtl',
      title: `lower the TTL of ${name} to ${swapTtl} s`,
      target: name,
      risk: 'routine',
      undo: 'yes',
      leftBehind: `${name} points at ${from.host}, its TTL may be low`,
    },
  ];
}

function waitingForTtl({ name, from }: SwapFacts): StepDraft {
  return {
    id: 'await-ttl',
    uses: 'awaitTtl',
    title: 'wait for the old TTL to run out',
    target: name,
    risk: 'read-only',
    undo: 'nothing-to-undo',
    leftBehind: `${name} points at ${from.host}`,
    protects: `${from.host} serves all the while`,
  };
}

function promoting({ units, name, from, to, fences }: SwapFacts): readonly StepDraft[] {
  if (units.length === 0) return [];
  const what = units.join(', ');
  const proofs = ['it says itself that they are stopped', ...fences.map((fence) => PROOFS[fence])];
  return [
    {
      id: 'stop-units',
      uses: 'stopUnits',
      title: `stop ${what} on ${from.host}`,
      target: from.host,
      risk: 'disruptive',
      undo: 'yes',
      recheck: true,
      leftBehind: `${name} points at ${from.host}; ${what} may be stopped there, and was started nowhere`,
      protects: `${what} is started nowhere before it is proved to run nowhere: ${proofs.join(', or ')}`,
    },
    {
      id: 'start-units',
      uses: 'startUnits',
      title: `start ${what} on ${to.host}`,
      target: to.host,
      risk: 'disruptive',
      undo: 'yes',
      leftBehind: `${name} points at ${from.host}; ${what} is stopped there and may run on ${to.host}`,
      protects: `each command is claimed on ${to.host}, so that a worker which was lost starts nothing late`,
    },
  ];
}

const PROOFS: Readonly<Record<string, string>> = {
  power: 'its controller says twice, 5 s apart, that it is off',
  blocklist: 'the storage refuses it',
};

function moving({ units, name, from, to }: SwapFacts): readonly StepDraft[] {
  return [
    {
      id: 'swap',
      uses: 'pointName',
      title: `point ${name} at ${to.host}`,
      target: name,
      risk: 'disruptive',
      undo: 'yes',
      ...(units.length === 0 && { recheck: true as const }),
      leftBehind: `look where ${name} points before anything else`,
      protects: `the server compares before it changes: only from ${from.pointsAt}`,
    },
    {
      id: 'follow',
      uses: 'follow',
      title: 'see every DNS server follow',
      target: name,
      risk: 'read-only',
      undo: 'nothing-to-undo',
      leftBehind: `${name} points at ${to.host} on some servers`,
      protects: 'each authoritative server is asked itself',
    },
    {
      id: 'verify',
      uses: 'verify',
      title: `test ${name}`,
      target: name,
      risk: 'read-only',
      undo: 'nothing-to-undo',
      leftBehind: `${name} points at ${to.host}`,
    },
    {
      id: 'expire',
      uses: 'expire',
      title: `let resolvers forget ${from.host}`,
      target: name,
      risk: 'read-only',
      undo: 'nothing-to-undo',
      leftBehind: `${name} points at ${to.host}; ${from.host} still serves`,
      protects: `${from.host} still serves those who ask it`,
    },
  ];
}

function raising({ name, to, ttl }: SwapFacts): StepDraft {
  return {
    id: 'raise-ttl',
    uses: 'raiseTtl',
    title: `raise the TTL of ${name} to ${ttl} s`,
    target: name,
    risk: 'routine',
    undo: 'yes',
    skippable: true,
    leftBehind: `${name} points at ${to.host} with a low TTL`,
  };
}

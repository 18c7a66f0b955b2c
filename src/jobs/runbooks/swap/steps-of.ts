import { StepId } from '../../../domain/ids.ts';
import type { PlannedStep } from '../../model/plan.ts';
import type { Guest, SwapFacts, SwapInput } from './facts.ts';

type Draft = Omit<PlannedStep, 'id' | 'zone' | 'recheck' | 'skippable' | 'with'> & {
  readonly id: string;
  readonly with?: PlannedStep['with'];
  readonly recheck?: true;
  readonly skippable?: true;
};

/** The whole way from one member to the other, in its order. */
export function swapSteps(
  { service }: SwapInput,
  facts: SwapFacts,
  by: 'swap' | 'maintain',
): readonly PlannedStep[] {
  const { zone, name, from, to, reboots } = facts;
  const leave = leaving(facts, by);
  const drafts: readonly Draft[] = [
    ...before(facts),
    // A reboot would end their builds.
    ...(reboots ? leave : []),
    ...updating(facts, 'standby'),
    testing(facts, 'test', to.host),
    ...(reboots ? [] : leave),
    waitingForTtl(facts),
    ...promoting(facts),
    ...moving(facts),
    ...updating(facts, 'old'),
    testing(facts, 'test-old', from.host),
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

  function testing({ name: public_ }: SwapFacts, id: string, host: string): Draft {
    const isOld = id === 'test-old';
    return {
      id,
      uses: 'test',
      with: { service, host },
      title: `test ${service} on ${host}`,
      target: host,
      risk: 'read-only',
      undo: 'nothing-to-undo',
      ...(isOld && { skippable: true as const }),
      leftBehind: isOld
        ? `${public_} points at ${to.host}, and ${host} is no standby that can be trusted`
        : `${public_} points at ${from.host}, nothing was moved`,
      protects: 'asked at its own address, with the public name',
    };
  }

  function updating({ update }: SwapFacts, which: 'standby' | 'old'): readonly Draft[] {
    if (!update) return [];
    const isOld = which === 'old';
    const { host } = isOld ? from : to;
    const at = `${name} points at ${isOld ? to.host : from.host}`;
    const common = {
      with: { service, host },
      target: host,
      risk: 'disruptive',
      undo: 'nothing-to-undo',
    } as const;
    const update_ = {
      ...common,
      id: isOld ? 'update-old' : 'update',
      uses: 'update',
      title: `update ${host}`,
      leftBehind: `${at}; ${host} may be updated in part`,
      protects: `${host} does not serve while it is updated; what was updated stays so`,
    } as const;
    const restart = {
      ...common,
      id: isOld ? 'restart-old' : 'restart',
      uses: 'restart',
      title: `restart ${host}`,
      leftBehind: `${at}; ${host} may be down`,
      protects: 'another boot id proves it',
    } as const;
    return reboots ? [update_, restart] : [update_];
  }
}

function before({ name, from, to, swapTtl }: SwapFacts): readonly Draft[] {
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

/** Out of service all at once, so that they finish their builds side by side. */
function leaving({ leaving: guests, name, from }: SwapFacts, by: string): readonly Draft[] {
  const at = `${name} points at ${from.host}`;
  const each = (uses: string, risk: PlannedStep['risk'], title: (host: string) => string) =>
    guests.map(({ host }, place) => ({ host, place: place + 1, uses, risk, title: title(host) }));
  const drafts = [
    ...each('disable', 'routine', (host) => `disable ${host}`),
    ...each('drain', 'routine', (host) => `drain ${host}`),
    ...each('shutDown', 'disruptive', (host) => `shut down ${host}`),
  ];
  return drafts.map(({ host, place, uses, risk, title }) => ({
    id: `${ID[uses]}-${place}`,
    uses,
    with: {
      host,
      ...(uses === 'disable' && { by }),
      ...(uses === 'drain' && { disabled: `disable-${place}` }),
    },
    title,
    target: host,
    risk,
    undo: uses === 'drain' ? 'nothing-to-undo' : 'yes',
    leftBehind: `${at}; ${host} is out of service`,
  }));
}

const ID: Readonly<Record<string, string>> = {
  disable: 'disable',
  drain: 'drain',
  shutDown: 'shut-down',
};

function waitingForTtl({ name, from }: SwapFacts): Draft {
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

function promoting({ units, name, from, to, fences }: SwapFacts): readonly Draft[] {
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

function moving({ units, name, from, to }: SwapFacts): readonly Draft[] {
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

function coming({ coming: guests, name, to }: SwapFacts): readonly Draft[] {
  return guests.map(({ host }: Guest, place) => ({
    id: `start-${place + 1}`,
    uses: 'start',
    with: { host },
    title: `start ${host}`,
    target: host,
    risk: 'routine',
    undo: 'yes',
    skippable: true,
    leftBehind: `${name} points at ${to.host}; look at ${host} in the build system`,
  }));
}

function raising({ name, to, ttl }: SwapFacts): Draft {
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

import type { ServiceName } from '../../../domain/ids.ts';
import type { SwapFacts } from './facts.ts';
import type { StepDraft } from './step-draft.ts';

/** The member that becomes active, or the one that was. */
type Which = 'standby' | 'old';

export function testing(
  service: ServiceName,
  { name, from, to }: SwapFacts,
  which: Which,
): StepDraft {
  const isOld = which === 'old';
  const { host } = isOld ? from : to;
  return {
    id: isOld ? 'test-old' : 'test',
    uses: 'test',
    with: { service, host },
    title: `test ${service} on ${host}`,
    target: host,
    risk: 'read-only',
    undo: 'nothing-to-undo',
    ...(isOld && { skippable: true as const }),
    leftBehind: isOld
      ? `${name} points at ${to.host}, and ${host} is no standby that can be trusted`
      : `${name} points at ${from.host}, nothing was moved`,
    protects: 'asked at its own address, with the public name',
  };
}

/** Nothing where nobody wants an update; with a restart where the recipe reboots. */
export function updating(
  service: ServiceName,
  { name, from, to, update, reboots }: SwapFacts,
  which: Which,
): readonly StepDraft[] {
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
  const updated: StepDraft = {
    ...common,
    id: isOld ? 'update-old' : 'update',
    uses: 'update',
    title: `update ${host}`,
    leftBehind: `${at}; ${host} may be updated in part`,
    protects: `${host} does not serve while it is updated; what was updated stays so`,
  };
  const restarted: StepDraft = {
    ...common,
    id: isOld ? 'restart-old' : 'restart',
    uses: 'restart',
    title: `restart ${host}`,
    leftBehind: `${at}; ${host} may be down`,
    protects: 'another boot id proves it',
  };
  return reboots ? [updated, restarted] : [updated];
}

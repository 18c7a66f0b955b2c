import type { PlannedStep } from '../../model/plan.ts';
import type { Guest, SwapFacts } from './facts.ts';
import type { StepDraft } from './step-draft.ts';

/** Out of service all at once, so that they finish their builds side by side. */
export function leaving(
  { leaving: guests, name, from }: SwapFacts,
  by: string,
): readonly StepDraft[] {
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

/** Where the service is not active any more. */
export function coming({ coming: guests, name, to }: SwapFacts): readonly StepDraft[] {
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

import type { HostName } from '../../../domain/ids.ts';
import type { SwapFacts } from './facts.ts';
import type { StepDraft } from './step-draft.ts';

/** Out of service all at once, so that they finish their builds side by side. */
export function leaving(
  { leaving: guests, name, from }: SwapFacts,
  by: string,
): readonly StepDraft[] {
  const each = (draft: (host: HostName, nth: number) => Omit<StepDraft, 'target' | 'leftBehind'>) =>
    guests.map(
      ({ host }, place): StepDraft => ({
        ...draft(host, place + 1),
        target: host,
        leftBehind: `${name} points at ${from.host}; ${host} is out of service`,
      }),
    );
  return [
    ...each((host, nth) => ({
      id: `disable-${nth}`,
      uses: 'disable',
      with: { host, by },
      title: `disable ${host}`,
      risk: 'routine',
      undo: 'yes',
    })),
    ...each((host, nth) => ({
      id: `drain-${nth}`,
      uses: 'drain',
      with: { host, disabled: `disable-${nth}` },
      title: `drain ${host}`,
      risk: 'routine',
      undo: 'nothing-to-undo',
    })),
    ...each((host, nth) => ({
      id: `shut-down-${nth}`,
      uses: 'shutDown',
      with: { host },
      title: `shut down ${host}`,
      risk: 'disruptive',
      undo: 'yes',
    })),
  ];
}

/** Where the service is not active any more. */
export function coming({ coming: guests, name, to }: SwapFacts): readonly StepDraft[] {
  return guests.map(({ host }, place) => ({
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

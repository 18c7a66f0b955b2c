/** What can be made to go wrong with a change of a name, and what happens then. */
export const DNS_FAULTS = {
  'dns-refuse': 'the server refuses the next update',
  'dns-ignore': 'the server says yes to the next update and changes nothing',
  'dns-lose-answer': 'the next update is carried out, and its answer never comes',
  'dns-lose-request': 'the next update never arrives',
} as const;
export type DnsFaultKind = keyof typeof DNS_FAULTS;

export interface DnsFaults {
  /** It goes wrong this many times; replaces what was set before. */
  set(kind: DnsFaultKind, times: number): void;
  /** Whether it goes wrong this time, which uses one up. */
  strike(kind: DnsFaultKind): boolean;
}

export function dnsFaults(): DnsFaults {
  const left = new Map<DnsFaultKind, number>();
  return {
    set: (kind, times) => void left.set(kind, times),
    strike(kind) {
      const times = left.get(kind) ?? 0;
      if (times > 0) left.set(kind, times - 1);
      return times > 0;
    },
  };
}

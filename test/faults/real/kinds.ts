import type { Moment } from './cuttable-line.ts';

export const VICTIMS = ['bot', 'worker', 'Redis'] as const;
export type Victim = (typeof VICTIMS)[number];
export const PLACES = ['append', 'step'] as const;
export const MOMENTS = ['before', 'inside', 'after'] as const satisfies readonly Moment[];

/** What else can happen, each kind under one name. */
export const FROZEN = 'a worker frozen past its lease';
export const CUT_OFF = 'nothing passes between a process and Redis';
export const SSH_CUT = 'SSH cut in a command';
export const AHEAD = 'a clock an hour ahead';
export const BACK = 'a clock an hour back';
export const DEPLOYED = 'a newer version deployed';
export const EMPTY = 'Redis back empty';
export const OLDER = 'Redis back from an older copy';

export function killKind(victim: Victim, moment: Moment, place: (typeof PLACES)[number]): string {
  return `${victim} killed ${moment} ${place}`;
}

export function killedAtAnyTime(victim: Victim): string {
  return `${victim} killed at any time`;
}

const OTHERS = [
  ...VICTIMS.map(killedAtAnyTime),
  ...[FROZEN, CUT_OFF, SSH_CUT, AHEAD, BACK, DEPLOYED, EMPTY, OLDER],
];

/** How often each kind came to pass, also those that never did. */
export function kindsInWords(happened: readonly string[]): readonly string[] {
  const times = (kind: string) => happened.filter((one) => one === kind).length;
  const kills = VICTIMS.flatMap((victim) =>
    PLACES.map((place) => {
      const counts = MOMENTS.map((moment) => `${moment} ${times(killKind(victim, moment, place))}`);
      return `${victim} killed at ${place === 'step' ? 'a step' : 'an append'}: ${counts.join(', ')}`;
    }),
  );
  return [...kills, ...OTHERS.map((kind) => `${kind}: ${times(kind)}`)];
}

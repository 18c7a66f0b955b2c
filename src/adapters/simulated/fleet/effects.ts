/** Everything that changes the simulated world, so that a test sees what happened twice. */
export const EFFECT_KINDS = [
  'restart',
  'power-cycle',
  'boot',
  'install',
  'arm',
  'disarm',
  'fire',
  'open-token',
  'close-token',
  'undefine',
  'fresh-disks',
  'define',
  'start',
  'shut-down',
  'discard-old',
  'command',
  'claim',
  'put-file',
  'disable',
  'enable',
  'comment',
  'requeue',
  'cancel',
  'build-killed',
] as const;
export type EffectKind = (typeof EFFECT_KINDS)[number];

export interface Effect {
  /** Lab time. */
  readonly at: number;
  readonly host: string;
  readonly kind: EffectKind;
  readonly op?: string;
  /** E.g. the command, or the path of a file. */
  readonly detail?: string;
}

/** How often something happened. */
export function countEffects(
  effects: readonly Effect[],
  wanted: Partial<Omit<Effect, 'at'>>,
): number {
  const keys = Object.keys(wanted) as (keyof typeof wanted)[];
  return effects.filter((effect) => keys.every((key) => effect[key] === wanted[key])).length;
}

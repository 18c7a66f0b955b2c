import { setTimeout as delay } from 'node:timers/promises';
import { type Draw, drawFor } from './draw.ts';
import { FAULT_NAMES, FAULTS, FOCUSES } from './faults.ts';
import { FAULTS_MS } from './limits.ts';
import { people } from './people.ts';
import type { FaultSite } from './site.ts';

/** What a seed is about. */
export interface Drawn {
  readonly seed: number;
  readonly faults: readonly string[];
  readonly draw: Draw;
}

export function drawnBy(seed: number): Drawn {
  const draw = drawFor(`faults ${seed}`);
  const faults = Array.from({ length: 3 + draw.below(4) }, () => draw.of(FAULT_NAMES));
  return { seed, faults, draw };
}

/** Several things at once, each with draws of its own, so that their order does not change what they are. */
export async function playDrawn(site: FaultSite, { seed, faults, draw }: Drawn): Promise<void> {
  const focus = draw.of(FOCUSES);
  const persons = people(site, draw, focus);
  const under = Promise.all(
    faults.map((name, place) => FAULTS[name]?.(site, drawFor(`faults ${seed} ${place}`), focus)),
  );
  // What goes wrong with one of them is heard below, and ends no other history.
  under.catch(() => {});
  const count = 3 + draw.below(4);
  for (let nth = 0; nth < count; nth += 1) persons.ask();
  for (let nth = 0; nth < 4; nth += 1) {
    await delay(FAULTS_MS / 4);
    if (draw.percent(50)) persons.talk();
    if (draw.percent(50)) persons.ask();
  }
  await under;
  persons.fallSilent();
}

import type { Reloaded } from '../../bot/reloading.ts';
import type { Program } from '../program.ts';
import { inTurn } from './in-turn.ts';
import { type ReloadOptions, reloadConfiguration } from './reload-configuration.ts';

type Reloads = Pick<Program, 'reload' | 'refusedReload' | 'whenReloaded'>;

/** Reloads one after the other, and remembers what became of the last one. */
export function startReloading(options: ReloadOptions & Pick<Program, 'log'>): Reloads {
  const { log } = options;
  const listeners: (() => void)[] = [];
  let last: Reloaded | undefined;
  const reloaded = inTurn(async () => {
    last = await reloadConfiguration(options);
    if (last.kind === 'taken') for (const listener of listeners) listener();
    return last;
  });
  return {
    async reload(because) {
      const result = await reloaded();
      log(...logged(result, because));
      return result;
    },
    refusedReload: () => (last?.kind === 'refused' ? last.problems : []),
    whenReloaded: (listener) => void listeners.push(listener),
  };
}

function logged(result: Reloaded, because: string): Parameters<Program['log']> {
  if (result.kind === 'taken') return ['info', `${because}: reloaded, ${result.what}`];
  const problems = result.problems.join('\n');
  return ['warn', `${because}: not reloaded, what was in use stays\n${problems}`];
}

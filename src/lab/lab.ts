import { type EmbeddedStore, embeddedStore } from '../adapters/store/embedded-store.ts';
import { type Farm, startFarm } from './farm.ts';
import { LAB_SCALE } from './lab-time.ts';

export interface Lab extends Farm {
  readonly store: EmbeddedStore;
}

/** A farm, a service on two nodes, and a store in memory. */
export async function startLab(): Promise<Lab> {
  const store = await embeddedStore();
  const farm = await startFarm(LAB_SCALE, { withPair: 'yes' });
  return {
    ...farm,
    store,
    async close() {
      await Promise.all([farm.close(), store.close()]);
    },
  };
}

import type { Master } from './master.ts';

/** How long a master is waited for that was told to end. */
const PATIENCE_MS = 5_000;

export interface MastersInUse {
  add(master: Master): Master;
  /** Ends all of them, whoever uses them, and waits for that. */
  end(): Promise<void>;
}

/** They are processes of their own, so somebody has to know which there are. */
export function mastersInUse(): MastersInUse {
  const masters = new Set<Master>();
  return {
    add(master) {
      masters.add(master);
      master.gone.then(() => masters.delete(master));
      return master;
    },
    async end() {
      const gone = [...masters].map((master) => master.gone);
      for (const master of masters) master.close();
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise((resolve) => {
        timer = setTimeout(resolve, PATIENCE_MS);
      });
      await Promise.race([Promise.all(gone), patience]);
      clearTimeout(timer);
    },
  };
}

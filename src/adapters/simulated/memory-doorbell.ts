import type { ZoneName } from '../../domain/ids.ts';
import type { Doorbell, OpRef } from '../../jobs/journal/journal.ts';

export interface MemoryDoorbell extends Doorbell {
  /** Whoever answers in a zone, until the function it gives back is called. */
  answer(zone: ZoneName, handler: (ref: OpRef) => void): () => void;
}

/** Rings within the process, at the next turn of the event loop. Nobody there: the ring is lost. */
export function memoryDoorbell(): MemoryDoorbell {
  const answering = new Set<{ zone: ZoneName; handler: (ref: OpRef) => void }>();
  return {
    async ring({ op, zone }) {
      for (const one of answering) if (one.zone === zone) setImmediate(one.handler, { op, zone });
    },
    answer(zone, handler) {
      const one = { zone, handler };
      answering.add(one);
      return () => void answering.delete(one);
    },
  };
}

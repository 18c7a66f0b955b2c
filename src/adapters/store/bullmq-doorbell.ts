import { Queue } from 'bullmq';
import { rootMessage } from '../../domain/failure.ts';
import type { ZoneName } from '../../domain/ids.ts';
import type { Doorbell } from '../../jobs/journal/journal.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { bellOf } from './bell-name.ts';
import type { Log, Store } from './store.ts';

export interface BullmqDoorbell extends Doorbell {
  close(): Promise<void>;
}

export interface DoorbellOptions {
  readonly store: Pick<Store, 'connection'>;
  readonly log: Log;
  /** Absent where nothing is traced. */
  readonly tracing?: Pick<Tracing, 'telemetry' | 'inTraceOf'> | undefined;
  readonly prefix?: string;
}

/**
 * One queue for each zone. A job says which operation to look at and nothing else; it is removed however it ends, so that
 * the same ring can be given again. A ring that fails is logged: the reconciler rings again.
 */
export function bullmqDoorbell({
  store,
  log,
  tracing,
  prefix = 'sb:',
}: DoorbellOptions): BullmqDoorbell {
  const connection = store.connection('ringing');
  const queues = new Map<ZoneName, Queue>();

  function queueOf(zone: ZoneName): Queue {
    const known = queues.get(zone);
    if (known !== undefined) return known;
    const { name, ...under } = bellOf(zone, prefix);
    const queue = new Queue(name, { connection, ...under, ...telemetryOf(tracing) });
    queue.on('error', (error) => log(`doorbell of ${zone}: ${rootMessage(error)}`));
    queues.set(zone, queue);
    return queue;
  }

  return {
    async ring({ op, zone, seq, epoch }) {
      const once = { jobId: `${op}-${seq}-${epoch}`, removeOnComplete: true, removeOnFail: true };
      const add = async () => queueOf(zone).add('look', { op, zone }, once);
      await (tracing ? tracing.inTraceOf(op, add) : add()).catch((error: unknown) =>
        log(`${op} was not rung for: ${rootMessage(error)}`),
      );
    },
    async close() {
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()));
      connection.disconnect();
    },
  };
}

export function telemetryOf(tracing: DoorbellOptions['tracing']) {
  return tracing === undefined ? {} : { telemetry: tracing.telemetry };
}

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Labels are runbooks, their steps, zones and outcomes: never people, hosts or operations, of which there is no end. */
export type Metrics = ReturnType<typeof createMetrics>;

/** Of a step: from the moment to the day. */
const BUCKETS_S = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400];

export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'signalbox_' });
  return {
    registry,
    requested: new Counter({
      name: 'signalbox_operations_requested_total',
      help: 'Operations that this process put on record.',
      labelNames: ['runbook', 'zone'],
      registers,
    }),
    ended: new Counter({
      name: 'signalbox_operations_ended_total',
      help: 'Operations whose end this process put on record.',
      labelNames: ['zone', 'outcome'],
      registers,
    }),
    steps: new Counter({
      name: 'signalbox_steps_ended_total',
      help: 'Attempts of steps that ended.',
      labelNames: ['runbook', 'step', 'way', 'result'],
      registers,
    }),
    stepSeconds: new Histogram({
      name: 'signalbox_step_duration_seconds',
      help: 'How long attempts of steps took, with their waiting.',
      labelNames: ['runbook', 'step', 'way'],
      buckets: BUCKETS_S,
      registers,
    }),
    asked: new Counter({
      name: 'signalbox_prompts_asked_total',
      help: 'Questions that operations asked people.',
      labelNames: ['runbook', 'zone'],
      registers,
    }),
    leasesLost: new Counter({
      name: 'signalbox_leases_lost_total',
      help: 'Leases of operations that this worker lost.',
      labelNames: ['zone'],
      registers,
    }),
    problems: new Counter({
      name: 'signalbox_problems_total',
      help: 'Problems that nobody was told of but the log.',
      registers,
    }),
    /** Asked for at every scrape; what cannot be known then is left out. */
    gauge(name: string, help: string, labelNames: readonly string[], read: GaugeReader): void {
      new Gauge({
        name: `signalbox_${name}`,
        help,
        labelNames: [...labelNames],
        registers,
        async collect() {
          this.reset();
          const values = await read().catch(() => []);
          for (const { labels, value } of values) this.set(labels, value);
        },
      });
    },
  };
}

export interface GaugeValue {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

type GaugeReader = () => Promise<readonly GaugeValue[]>;

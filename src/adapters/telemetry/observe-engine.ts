import type { EngineWatch } from '../../jobs/engine/engine-watch.ts';
import type { OpRef } from '../../jobs/journal/journal.ts';
import { type Entry, type EventOf, knownEvent } from '../../jobs/model/event.ts';
import type { OperationState } from '../../jobs/model/state.ts';
import type { Metrics } from './metrics.ts';
import type { Tracing } from './tracing.ts';

/** What a line of the log is about; each becomes a field of its own. */
export interface LogAbout {
  readonly op: string;
  readonly zone: string;
  readonly step?: string;
  readonly way?: string;
  readonly attempt?: number;
}

export interface ObserveOptions {
  readonly metrics: Metrics;
  readonly tracing?: Tracing | undefined;
  readonly log: (message: string, about: LogAbout) => void;
}

/** Counts, logs and traces what a worker does. */
export function observeEngine({ metrics, tracing, log }: ObserveOptions): EngineWatch {
  return {
    appended(ref, before, entry) {
      const event = knownEvent(entry);
      switch (event?.kind) {
        case 'step-started':
          return log(`${event.step} starts`, { ...ref, ...placeOf(event) });
        case 'step-ended':
          return stepEnded({ metrics, log }, ref, before, entry, event);
        case 'interrupted':
          return log(`${event.step} was cut off: ${event.because}`, { ...ref, ...placeOf(event) });
        case 'asked':
          metrics.asked.inc({ runbook: before.request.plan.runbook.name, zone: ref.zone });
          return log(`${event.step} asks`, { ...ref, step: event.step });
        case 'ended':
          log(`ended: ${event.outcome}`, ref);
          return tracing?.operation(ref.op, before.requestedAt, entry.at, {
            'signalbox.runbook': before.request.plan.runbook.name,
            'signalbox.zone': ref.zone,
            'signalbox.outcome': event.outcome,
          });
      }
    },
    leaseLost(ref) {
      metrics.leasesLost.inc({ zone: ref.zone });
      log('the lease is lost: somebody else goes on', ref);
    },
    during({ op, zone, step, way, attempt }, work) {
      if (tracing === undefined) return work();
      const attributes = {
        'signalbox.op': op,
        'signalbox.zone': zone,
        'signalbox.attempt': attempt,
      };
      return tracing.during(`${way} ${step}`, attributes, work);
    },
  };
}

function stepEnded(
  { metrics, log }: Pick<ObserveOptions, 'metrics' | 'log'>,
  ref: OpRef,
  { request, current }: OperationState,
  { at }: Entry,
  event: EventOf<'step-ended'>,
): void {
  const labels = { runbook: request.plan.runbook.name, step: event.step, way: event.way };
  metrics.steps.inc({ ...labels, result: event.result.kind });
  if (current !== undefined) metrics.stepSeconds.observe(labels, (at - current.startedAt) / 1_000);
  log(`${event.step} ended: ${event.result.kind}`, { ...ref, ...placeOf(event) });
}

function placeOf({ step, way, attempt }: Pick<LogAbout, 'way' | 'attempt'> & { step: string }) {
  return { step, ...(way && { way }), ...(attempt && { attempt }) };
}

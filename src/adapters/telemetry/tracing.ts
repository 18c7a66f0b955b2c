import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  RandomIdGenerator,
  SamplingDecision,
  type SpanExporter,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Telemetry } from 'bullmq';
import { BullMQOtel } from 'bullmq-otel';
import { rootMessage } from '../../domain/failure.ts';
import type { OpId } from '../../domain/ids.ts';
import { traceIdsOf } from './trace-ids.ts';

const NAME = 'signalbox';

type Env = Readonly<Record<string, string | undefined>>;

/** One trace for each operation: its rings, its turns on workers, and each call of a step. */
export interface Tracing {
  /** For BullMQ's queues and workers. */
  readonly telemetry: Telemetry;
  /** What is begun in there belongs to the operation's trace. */
  inTraceOf<T>(op: OpId, work: () => T): T;
  /** A part of what is under way. What it throws is noted and thrown on. */
  during<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T>;
  /** The operation as a whole, told once at its end; milliseconds since 1970. */
  operation(op: OpId, from: number, to: number, attributes: Attributes): void;
  /** Sends what was not sent yet. */
  stop(): Promise<void>;
}

/** Whether the standard variables ask for traces: an endpoint, or `OTEL_TRACES_EXPORTER=otlp`. */
export function wantsTraces(env: Env): boolean {
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return false;
  if (env.OTEL_TRACES_EXPORTER !== undefined) return env.OTEL_TRACES_EXPORTER === 'otlp';
  return Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
}

/** Everything else is read from the `OTEL_…` variables by the exporter itself. One for each process. */
export function startTracing(
  installation: string,
  exporter: SpanExporter = new OTLPTraceExporter(),
): Tracing {
  const ids = presetIds();
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': NAME }))
      .merge(detectResources({ detectors: [envDetector] })),
    idGenerator: ids,
    sampler: new ParentBasedSampler({ root: operationsOnly }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const tracer = provider.getTracer(NAME);
  return {
    telemetry: new BullMQOtel({ tracerName: NAME }),
    inTraceOf(op, work) {
      const parent = { ...traceIdsOf(installation, op), traceFlags: TraceFlags.SAMPLED };
      return context.with(trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }), work);
    },
    during: (name, attributes, work) => during(tracer, name, attributes, work),
    operation(op, from, to, attributes) {
      ids.preset = traceIdsOf(installation, op);
      const options = {
        attributes: { ...attributes, [OPERATION]: op },
        startTime: from,
        root: true,
      };
      tracer.startSpan('operation', options, ROOT_CONTEXT).end(to);
      ids.preset = undefined;
    },
    stop: () => provider.shutdown(),
  };
}

const OPERATION = 'signalbox.operation';

/** BullMQ tells of much that belongs to no operation; none of that begins a trace. */
const operationsOnly = {
  shouldSample: (
    _context: unknown,
    _traceId: string,
    _name: string,
    _kind: unknown,
    attributes: Attributes,
  ) => ({
    decision:
      OPERATION in attributes ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
  }),
  toString: () => 'operations only',
};

/** Random ids, but for the span that stands for a whole operation. */
function presetIds() {
  const random = new RandomIdGenerator();
  return {
    preset: undefined as ReturnType<typeof traceIdsOf> | undefined,
    generateTraceId(): string {
      return this.preset?.traceId ?? random.generateTraceId();
    },
    generateSpanId(): string {
      return this.preset?.spanId ?? random.generateSpanId();
    },
  };
}

function during<T>(
  tracer: Tracer,
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (problem) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: rootMessage(problem) });
      throw problem;
    } finally {
      span.end();
    }
  });
}

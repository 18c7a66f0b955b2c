import { hostname } from 'node:os';
import { answerDoorbell } from '../adapters/store/answer-doorbell.ts';
import { observeEngine } from '../adapters/telemetry/observe-engine.ts';
import type { ZoneName } from '../domain/ids.ts';
import type { Engine } from '../jobs/engine/engine.ts';
import { policyGate } from '../jobs/engine/policy-gate.ts';
import { startWorker, type Worker } from '../jobs/engine/worker.ts';
import { policyOf } from './policy-of.ts';
import { problemText } from './problem-text.ts';
import type { Program } from './program.ts';
import { followRequests } from './reload/follow-requests.ts';

const CONCURRENCY = 50;
const RECONCILE_MS = 1_000;

export interface RunningWorker extends Worker {
  readonly zone: ZoneName;
  /** It is connected, and not told to stop. */
  isTaking(): boolean;
}

/** A worker of one zone: it takes up the operations of that zone, with that zone's drivers. */
export function startZoneWorker(program: Program, zone: ZoneName): RunningWorker {
  const { store, doorbell, log, tracing } = program;
  const engine = engineOf(program, zone);
  let isTaking = () => false;
  const worker = startWorker({
    engine,
    zone,
    doorbell,
    reconcileMs: RECONCILE_MS,
    answer: (of, handler) => {
      const answering = answerDoorbell({
        store,
        zone: of,
        concurrency: CONCURRENCY,
        handler,
        tracing,
        log: (message) => log('warn', message),
      });
      isTaking = answering.isTaking;
      return answering;
    },
  });
  const following = follow(program, zone);
  return {
    zone,
    isTaking: () => isTaking(),
    async stop(limitMs) {
      isTaking = () => false;
      await Promise.all([worker.stop(limitMs), following.stop()]);
    },
  };
}

function engineOf(program: Program, zone: ZoneName): Engine {
  const { definitions, journal, redactor, stepLog, threads, bookmarks, timing, now } = program;
  const zoned = program.zone(zone);
  const { ports, withPorts } = zoned;
  return {
    journal,
    runbooks: definitions.runbooks,
    withPorts,
    get downtime() {
      return zoned.downtime;
    },
    gate: policyGate({
      policy: () => policyOf(program),
      get directory() {
        return program.configuration.directory;
      },
      glass: program.glass,
      inventory: () => program.configuration.inventory,
      freezes: () => program.configuration.settings.freezes,
      runbooks: definitions.runbooks,
      read: ports,
      journal,
      get prefix() {
        return program.configuration.settings.prefix;
      },
      now,
    }),
    stepLog,
    threads,
    bookmarks,
    redactor,
    reminders: () => program.configuration.settings.reminders,
    timing,
    now,
    monotonic: () => performance.now(),
    report: reportTo(program),
    watch: watchOf(program),
  };
}

function reportTo({ log, metrics, redactor }: Program): Engine['report'] {
  return (problem, about) => {
    metrics.problems.inc();
    log(
      'error',
      redactor.redact(problemText(problem)),
      about && { op: about.op, zone: about.zone },
    );
  };
}

function watchOf({ metrics, tracing, log, redactor }: Program): Engine['watch'] {
  return observeEngine({
    metrics,
    tracing,
    log: (message, about) => log('info', redactor.redact(message), about),
  });
}

function follow(program: Program, zone: ZoneName): { stop(): Promise<void> } {
  const report = reportTo(program);
  return followRequests({
    requests: program.reloadRequests,
    zone,
    worker: `${hostname()}:${process.pid}`,
    reload: program.reload,
    revision: () => program.configuration.inventory.revision,
    refused: program.refusedReload,
    now: program.now,
    report: (problem) => report(problem, undefined),
  });
}

import { answerDoorbell } from '../adapters/store/answer-doorbell.ts';
import type { ZoneName } from '../domain/ids.ts';
import type { Engine } from '../jobs/engine/engine.ts';
import { policyGate } from '../jobs/engine/policy-gate.ts';
import { startWorker, type Worker } from '../jobs/engine/worker.ts';
import { problemText } from './problem-text.ts';
import type { Program } from './program.ts';

const CONCURRENCY = 50;
const RECONCILE_MS = 1_000;

/** A worker of one zone: it takes up the operations of that zone, with that zone's drivers. */
export function startZoneWorker(program: Program, zone: ZoneName): Worker {
  const { store, doorbell, log } = program;
  const engine = engineOf(program, zone);
  return startWorker({
    engine,
    zone,
    doorbell,
    reconcileMs: RECONCILE_MS,
    answer: (of, handler) =>
      answerDoorbell({
        store,
        zone: of,
        concurrency: CONCURRENCY,
        handler,
        log: (message) => log('warn', message),
      }),
  });
}

function engineOf(program: Program, zone: ZoneName): Engine {
  const {
    configuration,
    definitions,
    journal,
    redactor,
    stepLog,
    threads,
    bookmarks,
    timing,
    now,
    log,
  } = program;
  const { settings, directory } = configuration;
  const { ports, downtime } = program.zone(zone);
  return {
    journal,
    runbooks: definitions.runbooks,
    ports,
    downtime,
    gate: policyGate({
      rules: () => settings.rules,
      directory,
      inventory: () => configuration.inventory,
      runbooks: definitions.runbooks,
      read: ports,
      journal,
      prefix: settings.prefix,
    }),
    stepLog,
    threads,
    bookmarks,
    redactor,
    timing,
    now,
    monotonic: () => performance.now(),
    report: (problem, about) => {
      const text = problemText(problem);
      log('error', redactor.redact(about ? `${about.op}: ${text}` : text));
    },
  };
}

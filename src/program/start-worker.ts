import { hostname } from 'node:os';
import { answerDoorbell } from '../adapters/store/answer-doorbell.ts';
import type { ZoneName } from '../domain/ids.ts';
import type { Engine } from '../jobs/engine/engine.ts';
import { policyGate } from '../jobs/engine/policy-gate.ts';
import { startWorker, type Worker } from '../jobs/engine/worker.ts';
import { problemText } from './problem-text.ts';
import type { Program } from './program.ts';
import { followRequests } from './reload/follow-requests.ts';

const CONCURRENCY = 50;
const RECONCILE_MS = 1_000;

/** A worker of one zone: it takes up the operations of that zone, with that zone's drivers. */
export function startZoneWorker(program: Program, zone: ZoneName): Worker {
  const { store, doorbell, log } = program;
  const engine = engineOf(program, zone);
  const worker = startWorker({
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
  const following = follow(program, zone);
  return {
    async stop(limitMs) {
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
      rules: () => program.configuration.settings.rules,
      get directory() {
        return program.configuration.directory;
      },
      inventory: () => program.configuration.inventory,
      runbooks: definitions.runbooks,
      read: ports,
      journal,
      get prefix() {
        return program.configuration.settings.prefix;
      },
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
  };
}

function reportTo({ log, redactor }: Program): Engine['report'] {
  return (problem, about) => {
    const text = problemText(problem);
    log('error', redactor.redact(about ? `${about.op}: ${text}` : text));
  };
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

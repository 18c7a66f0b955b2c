import { memoryBookmarks } from '../../../src/adapters/simulated/memory-bookmarks.ts';
import { memoryJournal } from '../../../src/adapters/simulated/memory-journal.ts';
import { memoryStepLog } from '../../../src/adapters/simulated/memory-step-log.ts';
import { memoryThreads } from '../../../src/adapters/simulated/memory-threads.ts';
import { DEFAULT_TIMING, type Engine } from '../../../src/jobs/engine/engine.ts';
import { createRedactor } from '../../../src/jobs/engine/redactor.ts';
import type { Runbook } from '../../../src/jobs/model/runbook.ts';
import type { Ports } from '../../../src/jobs/ports/ports.ts';
import { OPEN_GATE } from './gates.ts';

export interface MemoryEngineParts {
  readonly runbook: Runbook;
  readonly ports: Ports;
  readonly now: () => number;
  readonly monotonic: () => number;
}

/** An engine for one runbook that keeps everything in memory and whose gate is open, and what it reports. */
export function memoryEngine(
  { runbook, ports, now, monotonic }: MemoryEngineParts,
  overrides: Partial<Engine> = {},
) {
  const problems: unknown[] = [];
  const engine: Engine = {
    journal: memoryJournal({ now, monotonic }),
    runbooks: new Map([[runbook.name, runbook]]),
    withPorts: (work) => work(ports),
    gate: OPEN_GATE,
    stepLog: memoryStepLog(),
    threads: memoryThreads(),
    bookmarks: memoryBookmarks(),
    redactor: createRedactor(),
    timing: DEFAULT_TIMING,
    now,
    monotonic,
    report: (problem) => problems.push(problem),
    ...overrides,
  };
  return { engine, problems };
}

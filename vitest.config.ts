import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { PATIENCE_MS } from './test/servers/program/eventually.ts';

/** Without times to go by, larger files come first. Those of a conformance suite are short, and take among the longest. */
class ConformanceFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isConformance = ({ moduleId }: TestSpecification) =>
      moduleId.endsWith('-conformance.test.ts');
    const { yes = [], no = [] } = Object.groupBy(await super.sort(files), (file) =>
      isConformance(file) ? 'yes' : 'no',
    );
    return [...yes, ...no];
  }
}

/** Real servers on a busy machine: this only ends what hangs, and what a test waits for has less time. */
const withServers = {
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: PATIENCE_MS } },
  // Hundreds of processes are started, and compile the same.
  env: {
    NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)),
  },
} as const;

export default defineConfig({
  test: {
    sequence: { sequencer: ConformanceFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/servers/**'],
          // Otherwise one core of two stays idle.
          maxWorkers: 2,
          // Properties are tried hundreds of times; on a busy machine that takes a while.
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'servers',
          include: ['test/servers/**/*.test.ts'],
          exclude: ['test/servers/ceph/**', 'test/servers/matrix-encrypted/**'],
          ...withServers,
          // They wait for their servers most of the time.
          maxWorkers: 6,
          // Real servers on a busy machine: what was too slow once is tried once more, and both are reported.
          retry: 1,
        },
      },
      {
        test: {
          // By itself: its packages alone take CI's minute.
          name: 'ceph',
          include: ['test/servers/ceph/**/*.test.ts'],
          ...withServers,
        },
      },
      {
        test: {
          // By itself: it needs a native file that is not on every machine.
          name: 'matrix-encrypted',
          include: ['test/servers/matrix-encrypted/**/*.test.ts'],
          ...withServers,
        },
      },
    ],
  },
});

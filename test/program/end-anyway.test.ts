import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const SRC = new URL('../../src/', import.meta.url).href;

/** A worker that leaves while the store is away; BullMQ keeps its timers then. */
const LEAVES = `
  const { embeddedStore } = await import('${SRC}adapters/store/embedded-store.ts');
  const { answerDoorbell } = await import('${SRC}adapters/store/answer-doorbell.ts');
  const { endAnyway } = await import('${SRC}program/end-anyway.ts');
  const { setTimeout: delay } = await import('node:timers/promises');
  const store = await embeddedStore();
  const answering = answerDoorbell({
    store, zone: 'staging', concurrency: 1, handler: async () => {}, log: () => {},
  });
  while (!answering.isTaking()) await delay(10);
  await store.close();
  await answering.close(10);
  console.log('left');
`;
const run = (script: string) =>
  promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    timeout: 60_000,
  });

test('a process that something would keep when all is closed ends, with the exit code that was set', async () => {
  const ended = run(`${LEAVES} process.exitCode = 3; endAnyway();`);
  await expect(ended).rejects.toMatchObject({ code: 3, killed: false, stdout: 'left\n' });
});

test('a process that nothing keeps ends at once', async () => {
  const { stdout } = await run(`
    const { endAnyway } = await import('${SRC}program/end-anyway.ts');
    const begun = performance.now();
    process.on('exit', () => console.log(performance.now() - begun));
    endAnyway();
  `);
  expect(Number(stdout)).toBeLessThan(1_500);
});

import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { patientMessages } from '../../src/bot/narrator/patient-messages.ts';
import { startThreadNarrator, threadReader } from '../../src/bot/narrator/thread-narrator.ts';
import { readOperations } from '../../src/bot/operations.ts';
import { StepId } from '../../src/domain/ids.ts';
import { defineStep } from '../../src/jobs/model/runbook.ts';
import { createWorld as engineWorld, runbookOf } from '../jobs/engine/world.ts';
import { until } from '../until.ts';
import { messagesInMemory, networkOf } from './fixture/network.ts';
import { createWorld, OPS, type WorldOptions } from './world.ts';

const lines = (count: number) => [...Array(count).keys()].map((at) => `line ${at}`);

async function runningOperation(options: WorldOptions) {
  const world = await createWorld(options);
  world.farm.builds('builder-01', 'buildArch kernel');
  await world.says('ana', '!clean builder-01');
  await world.reacts('ben', '👍');
  return world;
}

describe('what steps tell, on a network with threads', () => {
  test('stands in the thread of the message that asked for the approval', async () => {
    const { tells, network, prompts } = await runningOperation({ threads: true });
    const heard = await tells('drain', { line: 'a task was requeued', more: ['by hand', 'twice'] });
    expect(heard).toEqual(['2/4 a task was requeued', '  by hand', '  twice']);
    const posted = network.posted.filter(({ thread }) => thread !== undefined);
    expect(posted.map(({ channel, thread }) => [channel, thread?.channel])).toEqual([
      [OPS, OPS],
      ['#builders', '#builders'],
    ]);
    expect(posted[0]?.thread?.id).toBe(prompts()[0]);
  });

  test('stands in the thread of the first message where nothing had to be approved', async () => {
    const { says, tells, network } = await createWorld({ threads: true });
    await says('rik', '!clean builder-01');
    await tells('disable', { line: 'it was disabled before' });
    const [card] = network.posted.filter(({ channel }) => channel === OPS);
    expect(network.posted.find(({ thread }) => thread)?.thread).toEqual({
      channel: OPS,
      id: card?.id,
    });
  });

  test('comes in one message where it comes at once', async () => {
    const { tells, network } = await runningOperation({ threads: true });
    const before = network.posted.length;
    await tells('drain', { line: 'one' }, { line: 'two' }, { line: 'three' });
    const posted = network.posted.slice(before).filter(({ channel }) => channel === OPS);
    expect(posted.map((one) => one.lines)).toEqual([['2/4 one', '2/4 two', '2/4 three']]);
  });

  test('is cut where it is too much, and what matters stays', async () => {
    const { tells } = await runningOperation({ threads: true });
    const important = { line: 'the disk is full', important: true };
    const heard = await tells('drain', important, ...lines(100).map((line) => ({ line })));
    expect(heard.slice(0, 3)).toEqual([
      '40 more: !log op-1 drain',
      '2/4 the disk is full',
      '2/4 line 40',
    ]);
    expect(heard).toHaveLength(62);
  });

  test('is told nobody where the operation is not told', async () => {
    const { tells, heard } = await runningOperation({ threads: true });
    await tells('drain', { line: 'a task was requeued', important: true });
    expect(heard('#mirrors')).toEqual([]);
    expect(heard('#builders')).toContain('2/4 a task was requeued');
  });

  test('holds no control characters', async () => {
    const { tells } = await runningOperation({ threads: true });
    expect(await tells('drain', { line: 'a\u001b[31mb\nc', more: ['\u202e'] })).toEqual([
      '2/4 a\\u{1b}[31mb c',
      '  \\u{202e}',
    ]);
  });
});

describe('what steps tell, on a network without threads', () => {
  test('is only what matters, in one line each', async () => {
    const { tells } = await runningOperation({});
    const heard = await tells(
      'drain',
      { line: 'one' },
      { line: 'the disk is full', more: lines(20), important: true },
    );
    expect(heard).toEqual(['op-1 2/4 the disk is full']);
  });

  test('is a few lines at most', async () => {
    const { tells } = await runningOperation({});
    const heard = await tells('drain', ...lines(9).map((line) => ({ line, important: true })));
    expect(heard).toEqual([
      'op-1 2/4 line 0',
      'op-1 2/4 line 1',
      'op-1 2/4 line 2',
      'op-1 6 more: !log op-1 drain',
    ]);
  });
});

describe('a narrator of threads that restarts', () => {
  test.each(['saved', 'lost'] as const)('with its cursor %s says nothing twice', async (cursor) => {
    const { tells, network, narratorRestarts } = await runningOperation({ threads: true });
    await tells('drain', { line: 'one' });
    await tells('drain', { line: 'two' });
    const before = network.posted.length;
    await narratorRestarts(cursor);
    expect(network.posted).toHaveLength(before);
    expect(await tells('drain', { line: 'three' })).toEqual(['2/4 three']);
  });

  const idle = defineStep({
    with: z.null(),
    output: z.null(),
    run: async () => ({ kind: 'done', output: null }),
    ifInterrupted: 'run-again',
  });
  const STEP = StepId.parse('idle');

  test('repeats the message that the one before died over and no other, and loses none', async () => {
    const runbook = runbookOf({ idle });
    const { engine, request } = engineWorld(runbook);
    const { journal, threads } = engine;
    const refs = [await request(runbook), await request(runbook)] as const;
    const network = networkOf('console');
    const stored = messagesInMemory();
    let room = 1;
    const messages = patientMessages({
      ...stored,
      async remember(...what) {
        if (room <= 0) throw new Error('the store is away');
        room -= 1;
        await stored.remember(...what);
      },
    });
    const problems: unknown[] = [];
    const start = () =>
      startThreadNarrator({
        network,
        journal,
        threads,
        messages,
        operations: readOperations(journal),
        channels: () => [],
        zones: () => [refs[0].zone],
        facts: { prefix: '!', timeScale: 1 },
        report: (problem) => problems.push(problem),
        paceMs: 1,
      });
    const said = () =>
      network.posted.flatMap((posted) => posted.lines.map((line) => line.slice(-1)));
    const tell = (ref: (typeof refs)[0], line: string) =>
      threads.tell(ref, STEP, { line, important: true });

    // Asked for on this network, so told in that channel.
    for (const line of ['a', 'b']) await Promise.all(refs.map((ref) => tell(ref, line)));
    const dying = start();
    await until(() => problems.length > 0);
    await dying.stop();
    expect(said()).toEqual(['a', 'b', 'a', 'b']);

    await tell(refs[0], 'c');
    room = Number.POSITIVE_INFINITY;
    const next = start();
    await until(async () => (await journal.cursor(threadReader('console', refs[0].zone))) === '5');
    await next.stop();
    expect(said().slice(4)).toEqual(['a', 'b', 'c']);
  });
});

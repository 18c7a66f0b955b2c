import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostName } from '../src/domain/ids.ts';
import type { BuildFarm } from '../src/jobs/ports/build-farm.ts';

/** A farm with two enabled builders without comments and three tasks on the first of them. */
export interface FarmUnderTest {
  readonly farm: BuildFarm;
  /** Running `kernel` (method buildArch), a parent that waits for its children, and one not started. */
  readonly tasks: { readonly running: number; readonly waiting: number; readonly assigned: number };
  /** When the running task started, milliseconds since 1970. */
  readonly startedAt: number;
  close(): Promise<void>;
}

const FIRST_BUILDER = HostName.parse('builder-01');
const SECOND_BUILDER = HostName.parse('builder-02');
const STRANGER = HostName.parse('builder-03');

/** What every BuildFarm promises. `make` is called before each test. */
export function farmConformance(name: string, make: () => Promise<FarmUnderTest>): void {
  describe(`${name} as a build farm`, () => {
    const signal = new AbortController().signal;
    let under: FarmUnderTest;
    let farm: BuildFarm;
    beforeEach(async () => {
      under = await make();
      farm = under.farm;
    });
    afterEach(() => under.close());

    it('shows a builder in service', async () => {
      const builder = await farm.builder(FIRST_BUILDER, signal);
      expect(builder).toMatchObject({ enabled: true, comment: '', ready: true });
      expect(builder.checkedInAt).toBeTypeOf('number');
    });

    it('names a builder it does not have, and the nearest it has', async () => {
      await expect(farm.builder(STRANGER, signal)).rejects.toMatchObject({
        code: 'farm.unknown-builder',
        effect: 'none',
        message: expect.stringMatching(/builder-03.*builder-0[12]/),
      });
      await expect(farm.tasks(STRANGER, signal)).rejects.toMatchObject({
        code: 'farm.unknown-builder',
      });
      await expect(farm.disable(STRANGER, 'why', signal)).rejects.toMatchObject({
        code: 'farm.unknown-builder',
      });
    });

    it('takes a builder out of service and puts it back, each twice without harm', async () => {
      for (const _ of ['once', 'twice']) await farm.disable(FIRST_BUILDER, 'op-7k2m', signal);
      expect(await farm.builder(FIRST_BUILDER, signal)).toMatchObject({
        enabled: false,
        comment: 'op-7k2m',
      });
      expect(await farm.builder(SECOND_BUILDER, signal)).toMatchObject({ enabled: true });
      for (const _ of ['once', 'twice']) await farm.enable(FIRST_BUILDER, '', signal);
      expect(await farm.builder(FIRST_BUILDER, signal)).toMatchObject({
        enabled: true,
        comment: '',
      });
    });

    it('leaves running tasks alone when their builder is disabled', async () => {
      await farm.disable(FIRST_BUILDER, 'op-7k2m', signal);
      expect(await farm.tasks(FIRST_BUILDER, signal)).toHaveLength(3);
    });

    it('changes the comment of a builder that is disabled already', async () => {
      await farm.disable(FIRST_BUILDER, 'noisy fan <a & b> ünïcode', signal);
      await farm.disable(FIRST_BUILDER, 'op-7k2m', signal);
      expect((await farm.builder(FIRST_BUILDER, signal)).comment).toBe('op-7k2m');
    });

    it('says which of some hosts take no work', async () => {
      const both = [FIRST_BUILDER, SECOND_BUILDER];
      expect(await farm.outOfService(both, signal)).toEqual([]);
      await farm.disable(SECOND_BUILDER, 'op-7k2m', signal);
      expect(await farm.outOfService(both, signal)).toEqual([SECOND_BUILDER]);
      expect(await farm.outOfService([FIRST_BUILDER], signal)).toEqual([]);
    });

    it('lists what is assigned to a builder or runs on it', async () => {
      const { running, waiting, assigned } = under.tasks;
      const tasks = await farm.tasks(FIRST_BUILDER, signal);
      expect(tasks.map(({ id }) => id).toSorted()).toEqual([running, waiting, assigned].toSorted());
      expect(tasks.find(({ id }) => id === running)).toEqual({
        id: running,
        label: 'buildArch kernel',
        startedAt: under.startedAt,
        waitsForChildren: false,
      });
      expect(tasks.find(({ id }) => id === waiting)).toMatchObject({ waitsForChildren: true });
      expect(tasks.find(({ id }) => id === assigned)).toMatchObject({
        startedAt: undefined,
        waitsForChildren: false,
      });
      expect(await farm.tasks(SECOND_BUILDER, signal)).toEqual([]);
    });

    it('puts a task back into the queue, and does not mind being asked twice', async () => {
      const { running } = under.tasks;
      expect(await farm.rights([running], signal)).toEqual({
        requeue: [running],
        cancel: [running],
        lacking: undefined,
      });
      await farm.disable(FIRST_BUILDER, 'op-7k2m', signal);
      for (const _ of ['once', 'twice']) await farm.requeue(under.tasks.running, signal);
      const left = await farm.tasks(FIRST_BUILDER, signal);
      expect(left.map(({ id }) => id)).not.toContain(under.tasks.running);
      expect(left).toHaveLength(2);
    });

    it('puts a parent back that waits for its children', async () => {
      await farm.requeue(under.tasks.waiting, signal);
      const left = await farm.tasks(FIRST_BUILDER, signal);
      expect(left.map(({ id }) => id)).not.toContain(under.tasks.waiting);
    });

    it('cancels a task, and does not mind being asked twice', async () => {
      for (const _ of ['once', 'twice']) await farm.cancel(under.tasks.running, signal);
      const left = await farm.tasks(FIRST_BUILDER, signal);
      expect(left.map(({ id }) => id)).not.toContain(under.tasks.running);
      expect(left).toHaveLength(2);
      // What is cancelled is not put back into the queue by a late requeue.
      await farm.requeue(under.tasks.running, signal);
      expect(await farm.tasks(FIRST_BUILDER, signal)).toHaveLength(2);
    });

    it('starts nothing under a signal that is aborted already', async () => {
      await expect(
        farm.disable(FIRST_BUILDER, 'op-7k2m', AbortSignal.abort()),
      ).rejects.toMatchObject({ effect: 'none' });
      expect(await farm.builder(FIRST_BUILDER, signal)).toMatchObject({ enabled: true });
    });
  });
}

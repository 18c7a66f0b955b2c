import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HostName, OpId, UserId } from '../src/domain/ids.ts';
import type { Downtime } from '../src/jobs/ports/downtime.ts';
import { PATIENCE_MS } from './servers/program/eventually.ts';

/** A monitoring system that alerts about two hosts. */
export interface DowntimeUnderTest {
  /** The hook as one more worker has it, who remembers nothing of the others. */
  worker(): Downtime;
  isQuiet(host: HostName): Promise<boolean>;
  /** How many downtimes stand for a host, whoever began them. */
  standing(host: HostName): Promise<number>;
  now(): number;
  /** A little time passes, where it does not by itself. */
  tick(): void;
  close(): Promise<void>;
}

const MINUTE = 60_000;
const SOON = { timeout: PATIENCE_MS, interval: 50 };
export const HOST = HostName.parse('builder-07.example.org');
export const OTHER_HOST = HostName.parse('builder-08.example.org');
const OP = OpId.parse('op-7k2m');
const OTHER_OP = OpId.parse('op-8k2m');

/** What every Downtime promises. `make` is called before each test. */
export function downtimeConformance(name: string, make: () => Promise<DowntimeUnderTest>): void {
  describe(`${name} as a downtime hook`, () => {
    const { signal } = new AbortController();
    let under: DowntimeUnderTest;
    let hook: Downtime;
    beforeEach(async () => {
      under = await make();
      hook = under.worker();
    });
    afterEach(() => under.close());

    const notice = (op: OpId, forMs: number) => {
      const by = UserId.parse('ana');
      return { op, by, reason: 'reimage "builder-07"; $(reboot)', until: under.now() + forMs };
    };

    it('silences the host it was told, and no other', async () => {
      expect(await under.isQuiet(HOST)).toBe(false);
      await hook.begin(HOST, notice(OP, 30 * MINUTE), signal);
      expect(await under.isQuiet(HOST)).toBe(true);
      expect(await under.isQuiet(OTHER_HOST)).toBe(false);
    });

    it('lets alerts come again at its end, which may come twice', async () => {
      await hook.begin(HOST, notice(OP, 30 * MINUTE), signal);
      for (const _ of ['once', 'twice']) {
        await hook.end(HOST, OP, signal);
        expect(await under.isQuiet(HOST)).toBe(false);
      }
    });

    it('ends what was never begun without a complaint', async () => {
      await hook.end(HOST, OP, signal);
      expect(await under.isQuiet(HOST)).toBe(false);
    });

    it('is over by itself', async () => {
      await hook.begin(HOST, notice(OP, 3_000), signal);
      expect(await under.isQuiet(HOST)).toBe(true);
      await vi.waitUntil(async () => {
        under.tick();
        return !(await under.isQuiet(HOST));
      }, SOON);
      expect(await under.standing(HOST)).toBe(0);
    });

    it('renews what stands, and makes no second', async () => {
      await hook.begin(HOST, notice(OP, 3_000), signal);
      const soon = under.now() + 4_000;
      await hook.begin(HOST, notice(OP, 30 * MINUTE), signal);
      expect(await under.standing(HOST)).toBe(1);
      await vi.waitUntil(() => {
        under.tick();
        return under.now() > soon;
      }, SOON);
      expect(await under.isQuiet(HOST)).toBe(true);
    });

    it('is renewed and ended by another worker as well', async () => {
      await hook.begin(HOST, notice(OP, 20 * MINUTE), signal);
      await under.worker().begin(HOST, notice(OP, 30 * MINUTE), signal);
      expect(await under.standing(HOST)).toBe(1);
      await under.worker().end(HOST, OP, signal);
      expect(await under.isQuiet(HOST)).toBe(false);
    });

    it('of another operation stands on its own', async () => {
      await hook.begin(HOST, notice(OP, 30 * MINUTE), signal);
      await hook.begin(HOST, notice(OTHER_OP, 30 * MINUTE), signal);
      await hook.end(HOST, OP, signal);
      expect(await under.isQuiet(HOST)).toBe(true);
      await hook.end(HOST, OTHER_OP, signal);
      expect(await under.isQuiet(HOST)).toBe(false);
    });

    it('can be begun again after its end', async () => {
      await hook.begin(HOST, notice(OP, 30 * MINUTE), signal);
      await hook.end(HOST, OP, signal);
      await hook.begin(HOST, notice(OP, 30 * MINUTE), signal);
      expect(await under.isQuiet(HOST)).toBe(true);
      expect(await under.standing(HOST)).toBe(1);
    });
  });
}

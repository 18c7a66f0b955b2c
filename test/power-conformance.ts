import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostName } from '../src/domain/ids.ts';
import type { PowerControl } from '../src/jobs/ports/power-control.ts';
import { PATIENCE_MS } from './servers/program/eventually.ts';

/** Machines that are on. */
export interface PowerUnderTest {
  readonly power: PowerControl;
  readonly host: HostName;
  readonly other: HostName;
  /** A host that has no management controller. */
  readonly uncontrolled: HostName;
  close(): Promise<void>;
}

const SOON = { timeout: PATIENCE_MS, interval: 20 };

/** What every PowerControl promises. `make` is called before each test. */
export function powerConformance(name: string, make: () => Promise<PowerUnderTest>): void {
  describe(`${name} as control over power`, () => {
    const { signal } = new AbortController();
    let under: PowerUnderTest;
    beforeEach(async () => {
      under = await make();
    });
    afterEach(() => under.close());

    const becomes = (state: string) =>
      vi.waitFor(async () => {
        expect(await under.power.state(under.host, signal)).toBe(state);
      }, SOON);

    it('cuts the power of one machine, and of no other', async () => {
      expect(await under.power.state(under.host, signal)).toBe('on');
      await under.power.off(under.host, signal);
      await becomes('off');
      expect(await under.power.state(under.other, signal)).toBe('on');
    });

    it('does each twice with the effect of once', async () => {
      await under.power.on(under.host, signal);
      await under.power.off(under.host, signal);
      await becomes('off');
      await under.power.off(under.host, signal);
      await under.power.on(under.host, signal);
      await becomes('on');
    });

    it('says so where there is no management controller', async () => {
      const asked = under.power.state(under.uncontrolled, signal);
      await expect(asked).rejects.toMatchObject({ code: 'power.no-controller', effect: 'none' });
    });
  });
}

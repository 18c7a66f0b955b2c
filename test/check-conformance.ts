import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostName } from '../src/domain/ids.ts';
import type { CheckAim, ServiceCheck } from '../src/domain/service-check.ts';
import type { ServiceChecks } from '../src/jobs/ports/service-checks.ts';

/** A member that serves what the check wants. */
export interface ChecksUnderTest {
  readonly checks: ServiceChecks;
  readonly check: ServiceCheck;
  readonly aim: CheckAim;
  /** The same service, where nothing listens. */
  readonly gone: CheckAim;
  /** It answers with a fault from now on, at least once. */
  breakService(): Promise<void>;
  close(): Promise<void>;
}

const NOBODY = HostName.parse('no-such-host');

/** What every ServiceChecks promises. `make` is called before each test. */
export function checkConformance(name: string, make: () => Promise<ChecksUnderTest>): void {
  describe(`${name} as service checks`, () => {
    const { signal } = new AbortController();
    let under: ChecksUnderTest;
    beforeEach(async () => {
      under = await make();
    });
    afterEach(() => under.close());

    it('passes what is well, each time', async () => {
      const { checks, check, aim } = under;
      expect(await checks.probe(check, aim, signal)).toMatchObject({ kind: 'passed' });
      expect(await checks.probe(check, aim, signal)).toMatchObject({ kind: 'passed' });
    });

    it('says what it expected and what came of what is not', async () => {
      await under.breakService();
      expect(await under.checks.probe(under.check, under.aim, signal)).toMatchObject({
        kind: 'failed',
        expected: expect.stringContaining('200'),
        came: expect.stringContaining('503'),
      });
    });

    it('fails where nobody listens', async () => {
      expect(await under.checks.probe(under.check, under.gone, signal)).toMatchObject({
        kind: 'failed',
        came: 'connection refused',
      });
    });

    it('says nothing of a service when who should ask cannot be reached', async () => {
      const elsewhere = { ...under.check, from: NOBODY };
      expect(await under.checks.probe(elsewhere, under.aim, signal)).toMatchObject({
        kind: 'unknown',
        because: expect.stringContaining(NOBODY),
      });
    });

    it('stops when it is told to', async () => {
      const stopped = AbortSignal.abort(new Error('the lease is lost'));
      const probing = under.checks.probe(under.check, under.aim, stopped);
      await expect(probing).rejects.toThrow('the lease is lost');
    });
  });
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HostName, type ImageId, OpId } from '../src/domain/ids.ts';
import type { Installation, Installer } from '../src/jobs/ports/installer.ts';

/** A metal host that runs, with nothing armed. */
export interface InstallerUnderTest {
  readonly installer: Installer;
  readonly host: HostName;
  readonly image: ImageId;
  /** Opens the install server for an installation, as its step does before it arms. */
  open(installation: Installation): Promise<void>;
  /** Whether the host was told to restart. */
  wasRestarted(): Promise<boolean>;
  close(): Promise<void>;
}

const FIRST = OpId.parse('op-7k2m');
const SECOND = OpId.parse('op-9xyz');

/** What every Installer promises. `make` is called before each test. */
export function installerConformance(name: string, make: () => Promise<InstallerUnderTest>): void {
  // A real host takes its time for each of some twenty commands where many tests run at once.
  describe(`${name} as an installer`, () => {
    const { signal } = new AbortController();
    let under: InstallerUnderTest;
    beforeEach(async () => {
      under = await make();
    });
    afterEach(() => under.close());

    const armedFor = () => under.installer.armedFor(under.host, signal);
    const disarm = () => under.installer.disarm(under.host, signal);
    const fire = () => under.installer.fire(under.host, signal);
    async function arm(change: Partial<Installation> = {}) {
      const installation = { op: FIRST, image: under.image, nonce: 'nonce-1', epoch: 2, ...change };
      await under.open(installation);
      await under.installer.arm(under.host, installation, signal);
    }

    it('checks a host that is fit, and arms nothing by it', async () => {
      await under.installer.check(under.host, under.image, signal);
      expect(await armedFor()).toBeUndefined();
    });

    it('arms for an operation and takes that back', async () => {
      await arm();
      expect(await armedFor()).toBe(FIRST);
      await disarm();
      expect(await armedFor()).toBeUndefined();
      expect(await under.wasRestarted()).toBe(false);
    });

    it('arms twice for the same operation, and disarms twice, without harm', async () => {
      for (const _ of ['once', 'twice']) await arm();
      expect(await armedFor()).toBe(FIRST);
      for (const _ of ['once', 'twice']) await disarm();
      expect(await armedFor()).toBeUndefined();
    });

    it('disarms a host where nothing is armed', async () => {
      await disarm();
      expect(await armedFor()).toBeUndefined();
    });

    it('is armed for nobody else while an operation has it', async () => {
      await arm();
      await expect(arm({ op: SECOND, nonce: 'nonce-2' })).rejects.toMatchObject({
        code: 'installer.already-armed',
        effect: 'none',
      });
      expect(await armedFor()).toBe(FIRST);
    });

    it('is armed again by a worker that took over, and not by the one before', async () => {
      await arm();
      await arm({ epoch: 3 });
      await expect(arm({ epoch: 2 })).rejects.toMatchObject({ code: 'installer.already-armed' });
      expect(await armedFor()).toBe(FIRST);
    });

    it('can be armed for another operation once it was disarmed', async () => {
      await arm();
      await disarm();
      await arm({ op: SECOND, nonce: 'nonce-2', epoch: 1 });
      expect(await armedFor()).toBe(SECOND);
    });

    it('restarts nothing that is not armed', async () => {
      await expect(fire()).rejects.toMatchObject({ code: 'installer.not-armed', effect: 'none' });
      expect(await under.wasRestarted()).toBe(false);
    });

    it('restarts into what is armed', async () => {
      await arm();
      await fire();
      expect(await under.wasRestarted()).toBe(true);
    });
  });
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HostName, type ImageId, OpId } from '../src/domain/ids.ts';
import type { Hypervisor } from '../src/jobs/ports/hypervisor.ts';
import type { Installation } from '../src/jobs/ports/installer.ts';

/** A guest that runs, with one persistent disk, `vdb`, beside its root disk. */
export interface HypervisorUnderTest {
  readonly hypervisor: Hypervisor;
  readonly guest: HostName;
  readonly image: ImageId;
  /** A host of the inventory that is no guest. */
  readonly metal: HostName;
  /** Tells whether it is still the same disk with the same content. */
  persistentDisk(): Promise<string>;
  /** What the guest would boot from: another text for another disk. */
  rootDisk(): Promise<string>;
  /** The root disk that is kept, as `rootDisk` told it; undefined when none is. */
  keptRootDisk(): Promise<string | undefined>;
  /** Sees to it that the image is not at hand any more. */
  loseImage(): Promise<void>;
  close(): Promise<void>;
}

const FIRST = OpId.parse('op-7k2m');
const SECOND = OpId.parse('op-9xyz');
const TWICE = ['once', 'twice'];

/** What every Hypervisor promises. `make` is called before each test. */
export function hypervisorConformance(
  name: string,
  make: () => Promise<HypervisorUnderTest>,
): void {
  // A real one stops and starts real guests.
  describe(`${name} as a hypervisor`, () => {
    const { signal } = new AbortController();
    let under: HypervisorUnderTest;
    let port: Hypervisor;
    beforeEach(async () => {
      under = await make();
      port = under.hypervisor;
    });
    afterEach(() => under.close(), 120_000);

    const state = () => port.state(under.guest, signal);
    const installation = (change: Partial<Installation> = {}): Installation => ({
      op: FIRST,
      image: under.image,
      nonce: 'nonce-1',
      epoch: 2,
      ...change,
    });
    const undefine = (by = installation()) => port.undefine(under.guest, by, signal);
    const start = (by = installation()) => port.start(under.guest, by, signal);
    const discardOld = (by = installation()) => port.discardOld(under.guest, by, signal);
    const definition = () => port.definition(under.guest, signal);
    const builtFor = () => port.builtFor(under.guest, signal);

    async function makeAnew(by = installation()) {
      const saved = await definition();
      await undefine(by);
      await port.freshDisks(under.guest, saved, by, signal);
      await port.define(under.guest, saved, by, signal);
      return saved;
    }

    it('finds a guest that is fit, and changes nothing by looking', async () => {
      const before = await under.rootDisk();
      await port.check(under.guest, under.image, signal);
      expect(await state()).toBe('running');
      expect(await builtFor()).toBeUndefined();
      expect((await definition()).persistentDisks).toEqual(['vdb']);
      expect(await under.rootDisk()).toBe(before);
      expect(await under.keptRootDisk()).toBeUndefined();
    });

    it('refuses an image that is not at hand, and a host that is no guest', async () => {
      await under.loseImage();
      await expect(port.check(under.guest, under.image, signal)).rejects.toMatchObject({
        code: 'hypervisor.image-missing',
        effect: 'none',
      });
      await expect(port.state(under.metal, signal)).rejects.toMatchObject({
        code: 'hypervisor.unknown-guest',
        effect: 'none',
      });
    });

    it('makes a guest anew on another root disk, and keeps the old one and what is persistent', async () => {
      const [old, persistent] = [await under.rootDisk(), await under.persistentDisk()];
      await makeAnew();
      expect(await state()).toBe('off');
      expect(await builtFor()).toBe(FIRST);
      expect(await under.rootDisk()).not.toBe(old);
      expect(await under.keptRootDisk()).toBe(old);
      await start();
      expect(await state()).toBe('running');
      await discardOld();
      expect(await under.keptRootDisk()).toBeUndefined();
      expect(await under.persistentDisk()).toBe(persistent);
      expect(await state()).toBe('running');
      expect(await builtFor()).toBe(FIRST);
    });

    it('does each part twice with the effect of once', async () => {
      const old = await under.rootDisk();
      const saved = await definition();
      for (const _ of TWICE) await undefine();
      expect(await state()).toBe('absent');
      await port.freshDisks(under.guest, saved, installation(), signal);
      const fresh = await under.rootDisk();
      await port.freshDisks(under.guest, saved, installation(), signal);
      expect(await under.rootDisk()).toBe(fresh);
      expect(await under.keptRootDisk()).toBe(old);
      for (const _ of TWICE) await port.define(under.guest, saved, installation(), signal);
      for (const _ of TWICE) await start();
      expect(await state()).toBe('running');
      for (const _ of TWICE) await discardOld();
      expect(await under.rootDisk()).toBe(fresh);
    });

    it('goes through all of it again after it was cut off, without losing what was there', async () => {
      const old = await under.rootDisk();
      const saved = await makeAnew();
      const fresh = await under.rootDisk();
      await undefine();
      await port.freshDisks(under.guest, saved, installation(), signal);
      await port.define(under.guest, saved, installation(), signal);
      expect(await under.rootDisk()).toBe(fresh);
      expect(await under.keptRootDisk()).toBe(old);
    });

    it('touches no root disk of a guest that runs', async () => {
      const before = await under.rootDisk();
      const fresh = port.freshDisks(under.guest, await definition(), installation(), signal);
      await expect(fresh).rejects.toMatchObject({ code: 'hypervisor.running', effect: 'none' });
      expect(await under.rootDisk()).toBe(before);
      expect(await under.keptRootDisk()).toBeUndefined();
    });

    it('knows nothing of a guest that is undefined, and starts none', async () => {
      await undefine();
      expect(await builtFor()).toBeUndefined();
      const refused = { code: 'hypervisor.not-defined', effect: 'none' };
      await expect(definition()).rejects.toMatchObject(refused);
      await expect(start()).rejects.toMatchObject(refused);
      await expect(port.check(under.guest, under.image, signal)).rejects.toMatchObject(refused);
    });

    it('defines no guest on a disk that was not made for the operation', async () => {
      const saved = await definition();
      await undefine();
      const defining = port.define(under.guest, saved, installation(), signal);
      await expect(defining).rejects.toMatchObject({
        code: 'hypervisor.not-fresh',
        effect: 'none',
      });
      expect(await state()).toBe('absent');
    });

    it('does nothing more for a worker once its successor has acted', async () => {
      const saved = await makeAnew(installation({ epoch: 3 }));
      const fresh = await under.rootDisk();
      const late = installation({ epoch: 2 });
      const refused = { code: 'ssh.claim-superseded', effect: 'none' };
      for (const act of [
        () => undefine(late),
        () => port.freshDisks(under.guest, saved, late, signal),
        () => port.define(under.guest, saved, late, signal),
        () => start(late),
        () => discardOld(late),
      ]) {
        await expect(act()).rejects.toMatchObject(refused);
      }
      expect(await state()).toBe('off');
      expect(await under.rootDisk()).toBe(fresh);
      expect(await under.keptRootDisk()).toBeDefined();
    });

    it('counts the epochs of each operation by themselves', async () => {
      await makeAnew(installation({ epoch: 7 }));
      await discardOld(installation({ epoch: 7 }));
      await makeAnew(installation({ op: SECOND, nonce: 'nonce-2', epoch: 1 }));
      expect(await builtFor()).toBe(SECOND);
    });

    it('asks a guest to shut down as often as it is told to, and minds none that is gone', async () => {
      const shutDown = (by = installation()) => port.shutDown(under.guest, by, signal);
      for (const _ of TWICE) await shutDown();
      await undefine(installation({ epoch: 3 }));
      await shutDown(installation({ epoch: 3 }));
      expect(await state()).toBe('absent');
      const refused = { code: 'ssh.claim-superseded', effect: 'none' };
      await expect(shutDown()).rejects.toMatchObject(refused);
    });

    it('discards nothing where nothing is kept', async () => {
      const before = await under.rootDisk();
      await discardOld();
      expect(await under.rootDisk()).toBe(before);
      expect(await state()).toBe('running');
    });
  });
}

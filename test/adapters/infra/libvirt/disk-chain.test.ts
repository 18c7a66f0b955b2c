import { describe, expect, it } from 'vitest';
import {
  type DiskChain,
  type DiskImage,
  overlaySize,
  refuseStrangeChain,
  refuseUnfitGolden,
} from '../../../../src/adapters/infra/libvirt/disk-chain.ts';
import { neededMb } from '../../../../src/adapters/infra/libvirt/full-folder.ts';
import { parseChain } from '../../../../src/adapters/infra/libvirt/guest-reads.ts';
import { GUEST } from './example-guest.ts';

const IMAGES = '/golden';
const GB = 1024 ** 3;
const image = (filename: string, more: Partial<DiskImage> = {}): DiskImage => ({
  filename,
  format: 'qcow2',
  'virtual-size': 10 * GB,
  'actual-size': 2 * GB,
  ...more,
});
const elsewhere = { 'format-specific': { data: { 'data-file': '/disks/data' } } };

describe('what is below a root disk', () => {
  it('may be nothing, or one golden image', () => {
    refuseStrangeChain(GUEST, [image('/disks/a')], IMAGES);
    refuseStrangeChain(GUEST, [image('/disks/a', { format: 'raw' })], IMAGES);
    refuseStrangeChain(GUEST, [image('/disks/a'), image('/golden/f43/b')], IMAGES);
  });

  it.each<[string, DiskChain, string]>([
    ['another file', [image('/disks/a.snap'), image('/disks/a')], '/disks/a.snap is over /disks/a'],
    [
      'a file beside the golden images',
      [image('/disks/a'), image('/golden-old/b')],
      '/golden-old/b',
    ],
    [
      'two of them',
      [image('/disks/a'), image('/golden/b'), image('/golden/c')],
      'is over /golden/c',
    ],
    ['what is no file', [image('/disks/a'), image('nbd://x/b')], 'is over nbd://x/b'],
    ['a file for its data', [image('/disks/a', elsewhere)], 'keeps its data in another file'],
  ])('is refused when it is %s', (_what, chain, because) => {
    expect(() => refuseStrangeChain(GUEST, chain, IMAGES)).toThrow(because);
  });
});

describe('a golden image', () => {
  it('is one whole qcow2 file', () => {
    refuseUnfitGolden(GUEST, image('/golden/a'));
  });

  it.each([
    ['raw', { format: 'raw' }, 'it is raw'],
    ['an overlay', { 'backing-filename': '/golden/b' }, 'it is over /golden/b'],
    ['in two files', elsewhere, 'it keeps its data in another file'],
  ])('is refused when it is %s', (_what, more, because) => {
    expect(() => refuseUnfitGolden(GUEST, image('/golden/a', more))).toThrow(because);
  });
});

describe('the size of a fresh root disk', () => {
  it('is what the old one had, and never less than its image', () => {
    const golden = image('/golden/a');
    expect(overlaySize(golden, image('/disks/a', { 'virtual-size': 40 * GB }))).toBe(40 * GB);
    expect(overlaySize(golden, image('/disks/a', { 'virtual-size': GB }))).toBe(10 * GB);
    expect(overlaySize(golden, undefined)).toBe(10 * GB);
  });

  it('may come to take what the old one has taken, and never less than the least', () => {
    expect(neededMb(image('/disks/a'), 512)).toBe(2048);
    expect(neededMb(image('/disks/a'), 4096)).toBe(4096);
  });
});

describe('what qemu-img prints', () => {
  it('is read as a chain', () => {
    const printed = [
      { filename: '/a', format: 'qcow2', 'virtual-size': 1, 'actual-size': 2, x: 3 },
    ];
    expect(parseChain(GUEST, JSON.stringify(printed))).toEqual([
      { filename: '/a', format: 'qcow2', 'virtual-size': 1, 'actual-size': 2 },
    ]);
  });

  it.each(['', '[]', '[{"filename": "/a"}]', 'qemu-img: no'])('is refused as %j', (printed) => {
    expect(() => parseChain(GUEST, printed)).toThrow('What the hypervisor says of builder-09');
  });
});

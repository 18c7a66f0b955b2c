import { describe, expect, it } from 'vitest';
import { firmwareState } from '../../../../src/adapters/infra/libvirt/firmware-state.ts';
import { undefineWords } from '../../../../src/adapters/infra/libvirt/undefine-words.ts';
import { parseXmlTree } from '../../../../src/adapters/infra/libvirt/xml-tree.ts';
import { domainXml } from './example-domain.ts';

/** The options that `virsh help undefine` of 9.0 lists. */
const HELP_9 = `undefine <domain> [--managed-save] [--storage <string>] [--remove-all-storage]
  [--delete-storage-volume-snapshots] [--wipe-storage] [--snapshots-metadata]
  [--checkpoints-metadata] [--nvram] [--keep-nvram] [--tpm] [--keep-tpm]`;
const HELP_5 = `undefine <domain> [--managed-save] [--storage <string>] [--remove-all-storage]
  [--snapshots-metadata] [--nvram] [--keep-nvram]`;
const TPM = "<tpm model='tpm-tis'><backend type='emulator' version='2.0'/></tpm>";

const firmware = (change: Parameters<typeof domainXml>[0]) =>
  firmwareState(parseXmlTree(domainXml(change)), '/swtpm');
const both = { nvram: '/vars.fd', tpm: '/swtpm/uuid' };

describe('the words that undefine a guest', () => {
  it('keep what firmware and TPM remember, and take no disk', () => {
    expect(undefineWords(HELP_9, both)).toEqual([
      '--managed-save',
      '--snapshots-metadata',
      '--checkpoints-metadata',
      '--keep-nvram',
      '--keep-tpm',
    ]);
  });

  it('are only those that this virsh has', () => {
    expect(undefineWords(HELP_5, both)).toEqual([
      '--managed-save',
      '--snapshots-metadata',
      '--keep-nvram',
    ]);
  });

  it('say nothing of what the guest has not', () => {
    const words = undefineWords(HELP_9, { nvram: undefined, tpm: undefined });
    expect(words).toEqual(['--managed-save', '--snapshots-metadata', '--checkpoints-metadata']);
  });
});

describe('what undefining a guest would lose', () => {
  it('is the file of its firmware, as older and newer libvirt name it', () => {
    const older = "<nvram template='/t.fd'>/vars.fd</nvram>";
    expect(firmware({ os: older }).nvram).toBe('/vars.fd');
    const newer = "<nvram type='file'><source file='/vars.fd'/></nvram>";
    expect(firmware({ os: newer }).nvram).toBe('/vars.fd');
  });

  it('is the folder of its emulated TPM', () => {
    expect(firmware({ devices: TPM }).tpm).toBe('/swtpm/658dd4f0-4511-4813-88dc-d3a5ba450e2b');
    const passed = TPM.replace('emulator', 'passthrough');
    expect(firmware({ devices: passed }).tpm).toBeUndefined();
  });

  it('is nothing in a guest with neither', () => {
    expect(firmware({})).toEqual({ nvram: undefined, tpm: undefined });
  });
});

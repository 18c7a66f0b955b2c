import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { memoryJournal } from '../../src/adapters/simulated/memory-journal.ts';
import { type PublicKey, PublicKeyText } from '../../src/jobs/signing/public-key.ts';
import { openSigning, type Purpose, signerOf } from '../../src/program/signing.ts';

const SOMEBODY = PublicKeyText.parse(`ed25519:${'A'.repeat(43)}`);
const journal = memoryJournal({ now: () => 0, monotonic: () => 0 });

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-signing-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function signingIn(data: string, purpose: Purpose, trusted: readonly PublicKey[] = []) {
  return openSigning({ signing: { trusted }, store: { data } }, journal, purpose);
}

describe('a command that has to sign', () => {
  it('says before the first start that nothing was started, and makes no key itself', async () => {
    const data = newFolder();
    const signing = await signingIn(data, 'look');
    expect(() => signerOf(signing)).toThrow(
      `nothing was started here so far: the first start makes the key in ${join(data, 'signing-key.pem')}`,
    );
    expect(existsSync(join(data, 'signing-key.pem'))).toBe(false);
  });

  it('has the key after it', async () => {
    const data = newFolder();
    const { signer } = await signingIn(data, 'work');
    const later = signerOf(await signingIn(data, 'look'));
    expect(later.publicKey.text).toBe(signer?.publicKey.text);
  });

  it('blames signing.trusted only where it is set', async () => {
    const signing = await signingIn(newFolder(), 'work', [SOMEBODY]);
    expect(() => signerOf(signing)).toThrow('signing.trusted names the keys of others');
  });
});

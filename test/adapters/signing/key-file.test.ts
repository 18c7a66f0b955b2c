import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeKeyFile, readKeyFile } from '../../../src/adapters/signing/key-file.ts';
import { PublicKeyText } from '../../../src/jobs/signing/public-key.ts';

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-key-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'var', 'key.pem');
}

describe('a signing key', () => {
  it('is made once, readable by its user alone, and remembers since when it signs', async () => {
    const path = newFile();
    const made = await makeKeyFile(path, Date.UTC(2026, 10, 18));
    expect(made.publicKey.text).toMatch(/^ed25519:[\w-]{43} since 2026-11-18T00:00:00\.000Z$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await readKeyFile(path))?.publicKey.text).toBe(made.publicKey.text);
  });

  it('is the same one for all who make it in the same moment', async () => {
    const path = newFile();
    const made = await Promise.all([1, 2, 3].map(() => makeKeyFile(path, 0)));
    expect(new Set(made.map(({ publicKey }) => publicKey.text)).size).toBe(1);
  });

  it('that is not there is none, and one that cannot be read is a failure', async () => {
    const path = newFile();
    expect(await readKeyFile(path)).toBeUndefined();
    await makeKeyFile(path, 0);
    writeFileSync(path, 'no key');
    await expect(readKeyFile(path)).rejects.toMatchObject({ code: 'signing.no-key' });
  });

  it.each(['ed25519:short', `rsa:${'A'.repeat(43)}`, `ed25519:${'A'.repeat(43)} since yesterday`])(
    'is not what %s says',
    (text) => {
      expect(PublicKeyText.safeParse(text).success).toBe(false);
    },
  );
});

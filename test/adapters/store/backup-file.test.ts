import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeKeyFile } from '../../../src/adapters/signing/key-file.ts';
import { readBackup, writeBackup } from '../../../src/adapters/store/backup/backup-file.ts';
import { trustIn } from '../../../src/jobs/signing/trust.ts';

const TRUST = trustIn([]);
const NOTHING = { at: 0, records: [] };

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-backup-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('a backup', () => {
  it('that is not there, or is a folder, is said to be that', async () => {
    const folder = newFolder();
    const missing = join(folder, 'nope');
    await expect(readBackup(missing, TRUST)).rejects.toMatchObject({
      code: 'backup.unreadable',
      message: `${missing} cannot be restored: there is no such file`,
      next: 'Name a file that signalbox backup wrote, and that this user may read.',
    });
    await expect(readBackup(folder, TRUST)).rejects.toMatchObject({
      message: `${folder} cannot be restored: it is a folder`,
    });
  });

  it('that is none is another failure', async () => {
    const file = join(newFolder(), 'notes.txt');
    writeFileSync(file, 'no backup\n');
    await expect(readBackup(file, TRUST)).rejects.toMatchObject({ code: 'backup.not-trusted' });
  });

  it('is not written where there is no folder, nor where there is a file', async () => {
    const folder = newFolder();
    const signer = await makeKeyFile(join(folder, 'key.pem'), 0);
    const nowhere = join(folder, 'none', 'backup');
    await expect(writeBackup(nowhere, NOTHING, signer)).rejects.toMatchObject({
      code: 'backup.not-written',
      message: `No backup was written to ${nowhere}: there is no such folder`,
    });
    const file = join(folder, 'backup');
    await writeBackup(file, NOTHING, signer);
    await expect(writeBackup(file, NOTHING, signer)).rejects.toMatchObject({
      message: `No backup was written to ${file}: there is a file already`,
    });
  });
});

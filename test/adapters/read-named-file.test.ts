import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNamedFile } from '../../src/adapters/read-named-file.ts';

const unreadable = {
  code: 'x.no-authority',
  problem: 'ca-file cannot be read',
  next: 'Correct it.',
};

describe('a file that a setting names', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-named-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is read as it is', async () => {
    await writeFile(join(folder, 'ca.pem'), ' one\ntwo\n');
    expect(await readNamedFile(join(folder, 'ca.pem'), unreadable)).toBe(' one\ntwo\n');
  });

  it('is a Failure of the words given when it cannot be read, and says why', async () => {
    const { code, next } = unreadable;
    const failure = { code, next, effect: 'none', cause: expect.any(Error) };
    await expect(readNamedFile(join(folder, 'absent'), unreadable)).rejects.toMatchObject({
      ...failure,
      message: 'ca-file cannot be read: ENOENT',
    });
    await expect(readNamedFile(folder, unreadable)).rejects.toMatchObject({
      ...failure,
      message: 'ca-file cannot be read: EISDIR',
    });
  });
});

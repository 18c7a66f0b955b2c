import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { init } from '../../src/program/init.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-init-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('says which inventory it could not read, and writes nothing', async () => {
  const missing = join(folder, 'hosts.ini');
  await expect(init(folder, missing)).rejects.toMatchObject({
    code: 'init.unreadable',
    message: expect.stringContaining(`${missing} cannot be read: there is no such file`),
  });
  expect(await readdir(folder)).toEqual([]);
});

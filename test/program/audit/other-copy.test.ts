import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { otherCopy } from '../../../src/program/audit/other-copy.ts';

async function copyAt(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-anchors-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'anchors.ndjson'), '{"n":0}\n');
  return join(folder, name);
}

test('a copy of the anchors that is named is read', async () => {
  expect(await otherCopy(await copyAt('anchors.ndjson'))).toEqual(['{"n":0}']);
});

test('one that is not there is no copy with nothing in it', async () => {
  const path = await copyAt('anchors.json');
  await expect(otherCopy(path)).rejects.toMatchObject({
    code: 'audit.no-copy',
    message: `Nothing was compared with ${path}: there is no such file`,
  });
});

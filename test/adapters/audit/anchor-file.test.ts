import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { anchorFile } from '../../../src/adapters/audit/anchor-file.ts';

async function anchorsIn({ onTestFinished }: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-anchors-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'anchors.ndjson');
  return { anchors: anchorFile(path), text: () => readFile(path, 'utf8') };
}

describe('a file of anchors', () => {
  it('takes a line after the one that it was made for', async (context) => {
    const { anchors, text } = await anchorsIn(context);
    expect(await anchors.append('{"n":1}', undefined)).toBe(true);
    expect(await anchors.append('{"n":2}', '{"n":1}')).toBe(true);
    expect(await text()).toBe('{"n":1}\n{"n":2}\n');
  });

  it('takes none that was made for another file, since anchors began anew meanwhile', async (context) => {
    const { anchors, text } = await anchorsIn(context);
    await anchors.append('{"n":1,"anew":true}', undefined);
    expect(await anchors.append('{"n":9}', '{"n":8}')).toBe(false);
    expect(await text()).toBe('{"n":1,"anew":true}\n');
  });
});

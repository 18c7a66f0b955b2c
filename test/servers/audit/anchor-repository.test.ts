import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { anchorFile } from '../../../src/adapters/audit/anchor-file.ts';
import { committed } from '../../../src/adapters/audit/anchor-repository.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-anchors-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

const git = (repository: string, ...words: readonly string[]) =>
  execFileSync('git', ['-C', repository, ...words], { encoding: 'utf8' });

describe('anchors with a git repository', () => {
  it('are committed there, each as it is written', async () => {
    const [file, repository] = [join(newFolder(), 'anchors.ndjson'), newFolder()];
    git(repository, 'init', '-q');
    const problems: unknown[] = [];
    const report = (problem: unknown) => void problems.push(problem);
    const anchors = committed(anchorFile(file), { file, repository, report });
    await anchors.append('{"n":1}', undefined);
    await anchors.append('{"n":2}', '{"n":1}');
    expect(git(repository, 'log', '--format=%an %s')).toBe(
      'signalbox Anchor 2\nsignalbox Anchor 1\n',
    );
    expect(git(repository, 'show', 'HEAD:anchors.ndjson')).toBe('{"n":1}\n{"n":2}\n');
    expect(problems).toEqual([]);
  });

  it('are written also when git does not take them, which is reported', async () => {
    const [file, repository] = [join(newFolder(), 'anchors.ndjson'), newFolder()];
    const problems: unknown[] = [];
    const report = (problem: unknown) => void problems.push(problem);
    const anchors = committed(anchorFile(file), { file, repository, report });
    await anchors.append('{"n":1}', undefined);
    expect(readFileSync(file, 'utf8')).toBe('{"n":1}\n');
    expect(await anchors.last()).toBe('{"n":1}');
    expect(String(problems)).toContain('not a git repository');
  });
});

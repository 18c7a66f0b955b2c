import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface PlaybookRepository {
  readonly folder: string;
  /** Commits these files over what is there, and gives the commit. */
  commit(files: Readonly<Record<string, string>>): string;
}

export function playbookRepository(folder: string): PlaybookRepository {
  const who = ['-c', 'user.name=ana', '-c', 'user.email=ana@example.org'];
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', folder, ...who, ...words], { encoding: 'utf8' }).trim();
  mkdirSync(folder, { recursive: true });
  git('init', '--quiet', '--initial-branch=main');
  return {
    folder,
    commit(files) {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
      git('add', '.');
      git('commit', '--quiet', '--allow-empty', '--message=test');
      return git('rev-parse', 'HEAD');
    },
  };
}

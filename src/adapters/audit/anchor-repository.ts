import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Anchors } from '../../jobs/audit/anchors.ts';
import { git } from '../infra/ansible/git.ts';

const AS_SIGNALBOX = ['-c', 'user.name=signalbox', '-c', 'user.email=signalbox@localhost'];
const PATIENCE_MS = 60_000;

export interface AnchorRepository {
  /** The file with the anchors. */
  readonly file: string;
  /** A work tree of a git repository. Whoever wants the commits elsewhere pushes them with a hook of it. */
  readonly repository: string;
  readonly report: (problem: unknown) => void;
}

/** Commits the file after each line. What git did not take is reported, and goes along with the next line. */
export function committed(
  anchors: Anchors,
  { file, repository, report }: AnchorRepository,
): Anchors {
  const name = basename(file);
  return {
    ...anchors,
    async append(line, after) {
      if (!(await anchors.append(line, after))) return false;
      const { n } = JSON.parse(line) as { readonly n: number };
      await commit(n).catch(report);
      return true;
    },
  };

  async function commit(n: number): Promise<void> {
    await copyFile(file, join(repository, name));
    const signal = AbortSignal.timeout(PATIENCE_MS);
    await git(repository, ['add', '--', name], signal);
    const words = ['commit', '-q', '-m', `Anchor ${n}`, '--', name];
    await git(repository, [...AS_SIGNALBOX, ...words], signal);
  }
}

import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Failure, rootMessage } from '../../../domain/failure.ts';
import type { Playbook } from '../../../domain/inventory.ts';
import { git } from './git.ts';

const run = promisify(execFile);
const COMMIT = /^[0-9a-f]{40}$/;

/** A git repository on this machine. Whoever keeps it up to date is no business of ours: a commit does not change. */
export interface PlaybookSource {
  /** Where it is, and what its head is. A Failure when there is none. */
  describe(signal: AbortSignal): Promise<string>;
  /** A Failure says what is missing. */
  check(playbook: Playbook, signal: AbortSignal): Promise<void>;
  /** Makes that folder with all files as they are at the commit, without a trace in the repository. */
  unpack(playbook: Playbook, folder: string, signal: AbortSignal): Promise<void>;
}

export function playbookSource(repository: string): PlaybookSource {
  async function typeOf(object: string, signal: AbortSignal): Promise<string | undefined> {
    return git(repository, ['cat-file', '-t', object], signal).catch(() => undefined);
  }

  async function describe(signal: AbortSignal) {
    try {
      return await git(repository, ['rev-parse', '--verify', 'HEAD'], signal);
    } catch (cause) {
      throw noRepository(repository, cause);
    }
  }

  async function check({ file, commit }: Playbook, signal: AbortSignal) {
    await describe(signal);
    if (!COMMIT.test(commit)) throw notACommit(commit);
    const type = await typeOf(commit, signal);
    if (type !== 'commit') throw commitMissing(repository, commit, type);
    if ((await typeOf(`${commit}:${file}`, signal)) !== 'blob') throw fileMissing(file, commit);
  }

  return {
    describe: async (signal) => `${repository} at ${(await describe(signal)).slice(0, 12)}`,
    check,
    async unpack(playbook, folder, signal) {
      await check(playbook, signal);
      await mkdir(folder, { mode: 0o700 });
      const archive = `${folder}.tar`;
      await git(repository, ['archive', `--output=${archive}`, playbook.commit], signal);
      await run('tar', ['-xf', archive, '-C', folder], { signal });
      await rm(archive);
    },
  };
}

function noRepository(repository: string, cause: unknown): Failure {
  return new Failure({
    code: 'ansible.no-repository',
    problem: `the playbooks in ${repository} cannot be read`,
    because: gitSays(cause),
    effect: 'none',
    next: 'Set repository to a clone that git can read as the user that signalbox runs as.',
    cause,
  });
}

function gitSays(cause: unknown): string {
  const { stderr = '' } = cause as { stderr?: string };
  return stderr.trim().split('\n')[0] || rootMessage(cause);
}

function notACommit(commit: string): Failure {
  return new Failure({
    code: 'ansible.not-a-commit',
    problem: `a playbook cannot be run from "${commit}"`,
    because: 'only all 40 digits of a commit say once and for all what is run',
    effect: 'none',
    next: `Write what git rev-parse ${commit} prints.`,
  });
}

function commitMissing(repository: string, commit: string, type: string | undefined): Failure {
  return new Failure({
    code: 'ansible.commit-missing',
    problem: `commit ${commit} cannot be run`,
    because: type === undefined ? `it is not in ${repository}` : `it is a ${type}`,
    effect: 'none',
    next: `Bring the repository up to date with git -C ${repository} fetch, or name another commit.`,
  });
}

function fileMissing(file: string, commit: string): Failure {
  return new Failure({
    code: 'ansible.playbook-missing',
    problem: `${file} cannot be run`,
    because: `there is no such file at commit ${commit}`,
    effect: 'none',
    next: `Look at what there is with git ls-tree -r --name-only ${commit}.`,
  });
}

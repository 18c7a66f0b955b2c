import { rootMessage } from '../domain/failure.ts';

const IN_WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
};

/** Why a file that somebody named cannot be read, for whoever named it. */
export function whyUnreadable(problem: unknown): string {
  const { code } = problem as NodeJS.ErrnoException;
  return (code !== undefined && IN_WORDS[code]) || rootMessage(problem);
}

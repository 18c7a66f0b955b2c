import { readFile } from 'node:fs/promises';
import { Failure, type FailureDetails, rootMessage } from '../domain/failure.ts';

/** The text of a file that somebody named in a setting. Throws a Failure with those words when it cannot be read. */
export function readNamedFile(
  path: string,
  words: Pick<FailureDetails, 'code' | 'problem' | 'next'>,
): Promise<string> {
  return readFileOr(
    path,
    (because, cause) => new Failure({ ...words, because, effect: 'none', cause }),
  );
}

/** The same where the caller has an error of its own. `because` is the system's code, e.g. `ENOENT`. */
export async function readFileOr(
  path: string,
  unreadable: (because: string, cause: unknown) => Error,
): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw unreadable((cause as NodeJS.ErrnoException).code ?? rootMessage(cause), cause);
  }
}

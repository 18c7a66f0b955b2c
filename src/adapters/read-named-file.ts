import { readFile } from 'node:fs/promises';
import { Failure, type FailureDetails, rootMessage } from '../domain/failure.ts';

/** The text of a file that somebody named in a setting. Throws a Failure with those words when it cannot be read. */
export async function readNamedFile(
  path: string,
  words: Pick<FailureDetails, 'code' | 'problem' | 'next'>,
): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const because = (cause as NodeJS.ErrnoException).code ?? rootMessage(cause);
    throw new Failure({ ...words, because, effect: 'none', cause });
  }
}

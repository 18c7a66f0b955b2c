import { readFile } from 'node:fs/promises';
import { getCACertificates } from 'node:tls';
import { Failure, rootMessage } from '../../../domain/failure.ts';

/**
 * Node's authorities and those of a file; undefined, which means Node's, without one. Read anew each time, so
 * that what is renewed needs no restart.
 */
export async function authoritiesOf(
  caFile: string | undefined,
): Promise<readonly string[] | undefined> {
  if (caFile === undefined) return undefined;
  try {
    return [...getCACertificates(), await readFile(caFile, 'utf8')];
  } catch (cause) {
    throw new Failure({
      code: 'checks.no-authority',
      problem: `ca-file ${caFile} cannot be read`,
      because: (cause as NodeJS.ErrnoException).code ?? rootMessage(cause),
      effect: 'none',
      next: 'Correct ca-file of the checks driver, or let the worker read it.',
      cause,
    });
  }
}

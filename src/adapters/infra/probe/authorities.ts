import { getCACertificates } from 'node:tls';
import { readNamedFile } from '../../read-named-file.ts';

/**
 * Node's authorities and those of a file; undefined, which means Node's, without one. Read anew each time, so
 * that what is renewed needs no restart.
 */
export async function authoritiesOf(
  caFile: string | undefined,
): Promise<readonly string[] | undefined> {
  if (caFile === undefined) return undefined;
  const own = await readNamedFile(caFile, {
    code: 'checks.no-authority',
    problem: `ca-file ${caFile} cannot be read`,
    next: 'Correct ca-file of the checks driver, or let the worker read it.',
  });
  return [...getCACertificates(), own];
}

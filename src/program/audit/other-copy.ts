import { readLines } from '../../adapters/audit/anchor-file.ts';
import { Failure } from '../../domain/failure.ts';

/** The lines of a copy of the anchors that somebody named. A Failure when there is none: without it everything would fit. */
export async function otherCopy(path: string): Promise<readonly string[]> {
  const lines = await readLines(path);
  if (lines !== undefined) return lines;
  throw new Failure({
    code: 'audit.no-copy',
    problem: `Nothing was compared with ${path}`,
    because: 'there is no such file',
    effect: 'none',
    next: "Name a copy of the bot's anchors.ndjson.",
  });
}

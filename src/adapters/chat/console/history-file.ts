import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const LONGEST = 1_000;

/** What was typed before, newest first as readline wants it; empty when there is no such file. */
export function readHistory(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean).reverse();
  } catch (problem) {
    if (isMissing(problem)) return [];
    throw problem;
  }
}

/** Oldest first, readable by its owner alone: people paste things they should not. */
export function writeHistory(file: string, newestFirst: readonly string[]): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const lines = newestFirst.slice(0, LONGEST).toReversed();
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  // The mode above is for a new file only.
  chmodSync(file, 0o600);
}

function isMissing(problem: unknown): boolean {
  return problem instanceof Error && 'code' in problem && problem.code === 'ENOENT';
}

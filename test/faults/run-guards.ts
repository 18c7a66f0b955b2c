import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Edit, edited, GUARDS } from './guards/guards.ts';

// `npm run faults:guards [-- --only epoch]`: takes each guard of the engine out of a copy of the source, plays the history
// that needs it, and fails where nothing was violated.
const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Some of them need two processes to meet: most times they do. */
const TRIES = 3;

const missed = [...GUARDS]
  .filter(([guard]) => guard.includes(values.only))
  .filter(([guard, edits]) => !isMissedWithout(guard, edits));
for (const [guard] of missed) console.log(`nothing was violated without ${guard}`);
process.exitCode = missed.length > 0 ? 1 : 0;

function isMissedWithout(guard: string, edits: readonly Edit[]): boolean {
  const copy = mkdtempSync(join(tmpdir(), 'signalbox-guards-'));
  try {
    for (const name of ['src', 'test', 'package.json']) {
      cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    for (const edit of edits) {
      const path = join(copy, edit.file);
      writeFileSync(path, edited(readFileSync(path, 'utf8'), edit));
    }
    return isViolated(copy, guard);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function isViolated(copy: string, guard: string): boolean {
  for (let nth = 0; nth < TRIES; nth += 1) {
    const args = ['test/faults/run-faults.ts', '--needs', guard, '--jobs', '1'];
    const { stdout } = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });
    const [said, ...lines] = stdout.split('\n').slice(1);
    console.log(`without ${guard}: ${said}`);
    if (!said?.endsWith('VIOLATED')) continue;
    for (const line of lines.slice(
      0,
      lines.findIndex((one) => / s {2}/.test(one)),
    ))
      console.log(line);
    return true;
  }
  return false;
}

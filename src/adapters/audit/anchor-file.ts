import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Anchors } from '../../jobs/audit/anchors.ts';

/** A file with a line for each anchor. */
export function anchorFile(path: string): Anchors {
  return {
    last: async () => (await readLines(path))?.at(-1),
    async append(line, after) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(path, 'a+', 0o600);
      try {
        // Under its name there may be another file by now; this one goes on after what was read of it.
        if ((await wholeLines(file)).at(-1) !== after) return false;
        await file.appendFile(`${line}\n`);
        await file.sync();
        return true;
      } finally {
        await file.close();
      }
    },
  };
}

/** Its lines, without one that was torn when the machine went down; undefined where there is no file. */
export async function readLines(path: string): Promise<readonly string[] | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text?.split('\n').slice(0, -1);
}

/** Takes away one that was torn. */
async function wholeLines(file: Awaited<ReturnType<typeof open>>): Promise<readonly string[]> {
  const text = await file.readFile();
  const whole = text.lastIndexOf('\n') + 1;
  if (whole < text.length) await file.truncate(whole);
  return text.subarray(0, whole).toString().split('\n').slice(0, -1);
}

import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ZoneName } from '../../../domain/ids.ts';
import { type Mark, type Marks, StoredMarks } from './mark.ts';

/** Where a process remembers what it has seen, outside of the store. */
export interface MarkFile {
  /** Nothing where there is no file. One that cannot be read is an error: nobody knows what was seen. */
  read(): Promise<Marks>;
  /** On disk, as a whole or not at all. */
  write(marks: Marks): Promise<void>;
}

export function markFile(path: string): MarkFile {
  return {
    async read() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '{}';
        throw error;
      });
      const stored = StoredMarks.parse(JSON.parse(text));
      return new Map(Object.entries(stored) as [ZoneName, Mark][]);
    },
    async write(marks) {
      // Two workers of a zone on one machine share the file.
      const draft = `${path}.${process.pid}.new`;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(draft, 'w', 0o600);
      try {
        await file.writeFile(JSON.stringify(Object.fromEntries(marks)));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, path);
    },
  };
}

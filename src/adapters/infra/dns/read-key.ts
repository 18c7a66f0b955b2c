import { readFile } from 'node:fs/promises';
import { rootMessage } from '../../../domain/failure.ts';
import { noKey } from './dns-failure.ts';
import { parseTsigKey, type TsigKey } from './tsig-key.ts';

/** Read anew for each change, so that a new key needs no restart. */
export async function readKey(file: string): Promise<TsigKey> {
  try {
    return parseTsigKey(await readFile(file, 'utf8'));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw noKey(file, code ?? rootMessage(cause), cause);
  }
}

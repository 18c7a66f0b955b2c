import { readFile, writeFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';

interface Settings {
  readonly rules: readonly unknown[];
}

/** Puts settings in the place of those of the same name in signalbox.yaml; the others stay. */
export async function replaceSettings(
  configPath: string,
  settings: (before: Settings) => object,
): Promise<void> {
  const before = parse(await readFile(configPath, 'utf8'));
  await writeFile(configPath, stringify({ ...before, ...settings(before) }));
}

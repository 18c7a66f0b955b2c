import { dirname, resolve } from 'node:path';
import { type ConfigPart, wholeOf } from './config-part.ts';
import { ConfigError } from './problem.ts';
import { readYamlFile } from './read-file.ts';

/** A YAML file that has to be there. Throws a ConfigError, which calls one that cannot be read by `name`. */
export async function readWhole(path: string, name: string): Promise<ConfigPart> {
  const read = await readYamlFile(resolve(path), dirname(resolve(path)));
  if (read.kind === 'unreadable') {
    const { message, next } = read.complaint;
    throw new ConfigError([{ file: name, line: 1, column: 1, path: [], message, next }]);
  }
  if (read.file.problems.length > 0) throw new ConfigError(read.file.problems);
  return wholeOf(read.file);
}

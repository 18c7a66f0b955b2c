import { readNamedFile } from '../../read-named-file.ts';

/** The text of a file that a setting names. Throws a Failure with that code. */
export function readSetting(setting: string, path: string, code: string): Promise<string> {
  return readNamedFile(path, {
    code,
    problem: `${setting} ${path} cannot be read`,
    next: 'Correct the path in signalbox.yaml, or let the user of the bot read the file.',
  });
}

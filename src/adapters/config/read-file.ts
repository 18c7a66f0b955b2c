import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { rootMessage } from '../../domain/failure.ts';
import { type Complaint, type ConfigFile, configFile } from './config-file.ts';
import { didYouMean } from './did-you-mean.ts';

export type ReadFile =
  | { readonly kind: 'file'; readonly file: ConfigFile; readonly path: string }
  | { readonly kind: 'unreadable'; readonly complaint: Complaint };

/** A YAML file; its name is shown relative to `folder`. */
export async function readYamlFile(path: string, folder: string): Promise<ReadFile> {
  try {
    const file = configFile(relative(folder, path), await readFile(path, 'utf8'));
    return { kind: 'file', file, path };
  } catch (error) {
    return { kind: 'unreadable', complaint: await unreadable(path, folder, error) };
  }
}

export type ReadFiles =
  | {
      readonly kind: 'files';
      readonly files: readonly ConfigFile[];
      readonly paths: readonly string[];
    }
  | { readonly kind: 'unreadable'; readonly complaint: Complaint };

/** One YAML file, or all of a folder and its folders in the order of their names. */
export async function readYamlFiles(path: string, folder: string): Promise<ReadFiles> {
  const paths = await yamlPathsAt(path).catch(() => [path]);
  const files: ConfigFile[] = [];
  for (const each of paths) {
    const read = await readYamlFile(each, folder);
    if (read.kind === 'unreadable') return read;
    files.push(read.file);
  }
  if (files.length === 0) return { kind: 'unreadable', complaint: emptyFolder(path, folder) };
  return { kind: 'files', files, paths };
}

async function yamlPathsAt(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = await readdir(path, { recursive: true });
  return names
    .filter((name) => /\.ya?ml$/.test(name) && !/(?:^|\/)\./.test(name))
    .sort()
    .map((name) => join(path, name));
}

async function unreadable(path: string, folder: string, error: unknown): Promise<Complaint> {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  const name = relative(folder, path);
  if (!isMissing) {
    const message = `"${name}" cannot be read: ${rootMessage(error)}`;
    return { message, next: 'let the user that runs signalbox read it' };
  }
  return {
    message: `"${name}" does not exist`,
    next: (await neighbour(path)) ?? 'create it, or run "signalbox init" for a first configuration',
  };
}

async function neighbour(path: string): Promise<string | undefined> {
  const names = await readdir(dirname(path)).catch(() => []);
  const likely = names.filter((name) => extname(name) === extname(path));
  return didYouMean(basename(path), likely);
}

function emptyFolder(path: string, folder: string): Complaint {
  return {
    message: `"${relative(folder, path)}" has no YAML files`,
    expected: 'files that end in .yaml',
    next: 'put the inventory there, or name another folder',
  };
}

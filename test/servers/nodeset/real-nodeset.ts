import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const MANY = join(import.meta.dirname, 'many-nodesets.py');

/** What `nodeset` makes of one command line: names (or a folded set), or its complaint. */
export type Answer =
  | { readonly kind: 'printed'; readonly text: string }
  | { readonly kind: 'refused'; readonly complaint: string };

export interface RealNodeset {
  readonly version: string;
  /** One command line each, e.g. `['-e', 'foo[1-3]']`; all of them in one process. */
  run(commands: readonly (readonly string[])[]): readonly Answer[];
  remove(): void;
}

/** ClusterShell's `nodeset` of this machine, with the groups that are given. Throws where there is none. */
export function realNodeset(groups: ReadonlyMap<string, readonly string[]>): RealNodeset {
  const program = onPath('nodeset');
  const python =
    readFileSync(program, 'utf8')
      .split('\n', 1)[0]
      ?.replace(/^#!\s*/, '') ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-nodeset-'));
  const conf = groupsConf(folder, groups);
  return {
    version: execFileSync(program, ['--version'], { encoding: 'utf8' }).trim(),
    run(commands) {
      const input = commands.map(
        (words) => `${JSON.stringify([`--groupsconf=${conf}`, ...words])}\n`,
      );
      const [interpreter = '', ...options] = python.split(/\s+/);
      const output = execFileSync(interpreter, [...options, MANY], {
        input: input.join(''),
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      });
      return output.trim().split('\n').map(answerOf);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function onPath(name: string): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const folder of folders) {
    const path = join(folder, name);
    try {
      readFileSync(path);
      return path;
    } catch {}
  }
  throw new Error(`There is no ${name} on the PATH: install the Debian package clustershell.`);
}

function groupsConf(folder: string, groups: ReadonlyMap<string, readonly string[]>): string {
  const conf = join(folder, 'groups.conf');
  writeFileSync(conf, `[Main]\ndefault: pools\nautodir: ${folder}\n`);
  const entries = Array.from(groups, ([name, hosts]) => [name, hosts.join(',')] as const);
  // JSON is YAML.
  writeFileSync(join(folder, 'pools.yaml'), JSON.stringify({ pools: Object.fromEntries(entries) }));
  return conf;
}

function answerOf(line: string): Answer {
  const { code, stdout, stderr } = JSON.parse(line) as Record<'code' | 'stdout' | 'stderr', string>;
  if (Number(code) === 0) return { kind: 'printed', text: stdout.trim() };
  return { kind: 'refused', complaint: stderr.trim() };
}

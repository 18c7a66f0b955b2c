import { createHash } from 'node:crypto';
import { Failure } from '../../../../src/domain/failure.ts';
import type { RemoteCommand, RemoteShell } from '../../../../src/jobs/ports/remote-shell.ts';
import { INITRD, KERNEL } from './example-image.ts';

/** What a command gives; text alone is what it prints. */
type Answer = string | { readonly code: number; readonly stderr?: string };
type Program = (args: readonly string[], stdin: string) => Answer;

const FAILED = { code: 1 };
const FAT_DISK = 'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 1 1';

/** A host in memory, as far as installers know one: files, the programs they call, and what each was told. */
export function fakeBootShell(start: Readonly<Record<string, string>>) {
  const files = new Map(Object.entries(start));
  const calls: (readonly string[])[] = [];
  const programs = new Map<string, Program>(Object.entries(programsOf(files)));

  async function run({ argv, stdin = '' }: RemoteCommand) {
    calls.push(argv);
    const [name = '', ...args] = argv;
    const answer = programs.get(name)?.(args, String(stdin)) ?? { code: 127 };
    const ended = typeof answer === 'string' ? { code: 0, stdout: answer } : answer;
    return { stdout: '', stderr: '', truncated: false, ...ended };
  }

  const absent = () => Promise.reject(new Error('installers claim nothing'));
  const shell: RemoteShell = {
    run: (_host, command) => run(command),
    async putFile(_host, { path, content }) {
      files.set(path, String(content));
      return 'written';
    },
    startClaimed: absent,
    readClaimed: absent,
    async forget() {},
  };
  return { shell, files, calls, programs };
}

export type FakeBootShell = ReturnType<typeof fakeBootShell>;

/** The connection ends in the middle of a command. */
export function lost(): never {
  throw new Failure({
    code: 'ssh.lost',
    problem: 'systemctl on builder-08 has no known end',
    because: 'the connection was lost',
    effect: 'unknown',
    next: 'Look at it.',
  });
}

function programsOf(files: Map<string, string>): Record<string, Program> {
  const isThere = (path: string | undefined) =>
    [...files.keys()].some((name) => name === path || name.startsWith(`${path}/`));
  return {
    test: ([, path]) => (isThere(path) ? '' : FAILED),
    cat: (args) => files.get(args.at(-1) ?? '') ?? FAILED,
    mkdir: () => '',
    curl: (args, stdin) => curl(files, args, stdin),
    sha256sum: (_args, stdin) => {
      const isRight = (line: string) => {
        const [digest, path = ''] = line.split('  ');
        return (
          createHash('sha256')
            .update(files.get(path) ?? '')
            .digest('hex') === digest
        );
      };
      return stdin.trim().split('\n').every(isRight) ? '' : FAILED;
    },
    mv: (args) => move(files, args.at(-2), args.at(-1)),
    cp: (args) => {
      files.set(args.at(-1) ?? '', files.get(args.at(-2) ?? '') ?? '');
      return '';
    },
    rm: (args) => {
      const path = args.at(-1) ?? '';
      for (const name of [...files.keys()]) {
        if (name === path || name.startsWith(`${path}/`)) files.delete(name);
      }
      return '';
    },
    df: () => `${FAT_DISK} 900000 1% /boot\n`,
    findmnt: (args) => (args.includes('UUID') ? '0a1b-2c3d\n' : '/boot\n'),
    'grub-editenv': ([block = '', verb, ...words]) => editenv(files, block, verb, words),
    'grub-probe': ([target]) =>
      ({ '--target=abstraction': '\n', '--target=fs': 'ext2\n' })[target ?? ''] ?? 'c0ffee-1\n',
    'grub-mkrelpath': ([path = '']) => `${path.replace(/^\/boot/, '')}\n`,
    'grub-script-check': () => '',
    systemctl: () => '',
    kexec: (args) => {
      if (args.includes('-l')) files.set('/sys/kernel/kexec_loaded', '1\n');
      if (args.includes('-u')) files.set('/sys/kernel/kexec_loaded', '0\n');
      return '';
    },
  };
}

/** The install server behind it has the two files that the example's image names. */
function curl(files: Map<string, string>, args: readonly string[], stdin: string): Answer {
  if (args.includes('--version')) return 'curl 8\n';
  for (const [, name, path = ''] of stdin.matchAll(/(kernel|initrd)"\noutput = "(.*)"/g)) {
    files.set(path, name === 'initrd' ? INITRD : KERNEL);
  }
  return '';
}

function move(files: Map<string, string>, from = '', to = ''): Answer {
  const content = files.get(from);
  if (content === undefined) return FAILED;
  files.set(to, content);
  files.delete(from);
  return '';
}

function editenv(
  files: Map<string, string>,
  block: string,
  verb: string | undefined,
  words: readonly string[],
): Answer {
  const lines = (files.get(block) ?? '').split('\n').filter((line) => line !== '');
  if (verb === 'list') return lines.map((line) => `${line}\n`).join('');
  const named = words.map((word) => word.split('=')[0]);
  const others = lines.filter((line) => !named.includes(line.split('=')[0]));
  files.set(block, [...others, ...(verb === 'set' ? words : [])].join('\n'));
  return '';
}

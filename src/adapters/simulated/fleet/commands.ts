import { startKojid, stopKojid } from './check-in.ts';
import type { CommandResult, LabHost } from './lab-host.ts';
import { textFile } from './lab-system.ts';
import { restart } from './life-cycle.ts';
import { record, type World } from './world.ts';

/** A command on a simulated host: how long it takes, and what it does in the moment in which it ends. */
export interface SimulatedCommand {
  readonly takesMs: number;
  run(): CommandResult;
}

export interface CommandPlace {
  readonly world: World;
  readonly host: LabHost;
  readonly stdin: Buffer;
}

type Program = (place: CommandPlace, words: readonly string[]) => SimulatedCommand;

const CHANGE_MS = 2_000;

/** Whoever has no argument that we know is told so, as by the real program. */
const PROGRAMS: Readonly<Record<string, Program>> = {
  true: () => reads(() => ok()),
  echo: (_, words) => reads(() => ok(`${words.join(' ')}\n`)),
  id: (_, [flag]) => reads(() => ok(flag === '-u' ? '0\n' : 'uid=0(root) gid=0(root)\n')),
  uname: ({ host }, [flag]) => reads(() => ok(uname(host, flag))),
  uptime: ({ world, host }) => reads(() => ok(uptime(world, host))),
  cat: ({ host, stdin }, words) => reads(() => cat(host, stdin, withoutDashes(words))),
  test: ({ host }, [flag, path = '']) => reads(() => testFile(host, flag, path)),
  sleep: (_, [seconds]) => ({ takesMs: Number(seconds) * 1000, run: () => ok() }),
  dnf: (place, words) => changes(place, ['dnf', ...words], () => ok()),
  mount: (place, words) => changes(place, ['mount', ...words], () => ok()),
  hostnamectl: (place, words) => changes(place, ['hostnamectl', ...words], hostname(place, words)),
  install: (place, words) => changes(place, ['install', ...words], install(place, words)),
  systemctl: (place, words) => systemctl(place, words),
};

/** What a command line means here. Its words are never read by a shell. */
export function simulatedCommand(place: CommandPlace, argv: readonly string[]): SimulatedCommand {
  const [program = '', ...words] = unwrapped(argv);
  const known = Object.hasOwn(PROGRAMS, program) ? PROGRAMS[program] : undefined;
  if (known !== undefined) return known(place, words);
  if (place.world.anyCommand) return changes(place, argv, () => ok());
  return reads(() => failed(127, `${program}: command not found`));
}

/** Without the `sudo -n --` and `timeout -k 5 N` that may stand before it. */
export function unwrapped(argv: readonly string[]): readonly string[] {
  if (argv[0] === 'sudo') return unwrapped(argv.slice(argv.indexOf('--') + 1));
  if (argv[0] === 'timeout' && argv[1] === '-k') return argv.slice(4);
  return argv;
}

export function ok(stdout = ''): CommandResult {
  return { code: 0, stdout, stderr: '' };
}

export function failed(code: number, stderr: string): CommandResult {
  return { code, stdout: '', stderr: `${stderr}\n` };
}

function reads(run: () => CommandResult): SimulatedCommand {
  return { takesMs: 0, run };
}

function changes(
  { world, host }: CommandPlace,
  argv: readonly string[],
  run: () => CommandResult,
): SimulatedCommand {
  const runAndRecord = () => {
    record(world, { host: host.name, kind: 'command', detail: argv.join(' ') });
    return run();
  };
  return { takesMs: CHANGE_MS, run: runAndRecord };
}

function uname({ name, architecture }: LabHost, flag: string | undefined): string {
  if (flag === '-m') return `${architecture}\n`;
  if (flag === '-n') return `${name}\n`;
  return flag === '-r' ? `6.11.8-300.fc43.${architecture}\n` : 'Linux\n';
}

function uptime({ settledAt }: World, { bootedAt }: LabHost): string {
  return ` up ${Math.floor((settledAt - bootedAt) / 60_000)} min,  1 user,  load average: 0.00, 0.00, 0.00\n`;
}

function cat(host: LabHost, stdin: Buffer, paths: readonly string[]): CommandResult {
  if (paths.length === 0) return ok(stdin.toString());
  const contents = paths.map((path) => readFile(host, path));
  const missing = paths.filter((_, place) => contents[place] === undefined);
  const stdout = contents.filter((content) => content !== undefined).join('');
  const complaints = missing.map((path) => `cat: ${path}: No such file or directory\n`);
  return { code: missing.length === 0 ? 0 : 1, stdout, stderr: complaints.join('') };
}

function readFile(host: LabHost, path: string): string | undefined {
  if (path === '/proc/sys/kernel/random/boot_id') return `${host.bootId}\n`;
  return host.system.files.get(path)?.content.toString();
}

function testFile(host: LabHost, flag: string | undefined, path: string): CommandResult {
  if (flag !== '-e' && flag !== '-f') return failed(2, `test: ${flag}: unary operator expected`);
  return { code: readFile(host, path) === undefined ? 1 : 0, stdout: '', stderr: '' };
}

function hostname({ host }: CommandPlace, [verb, name = '']: readonly string[]) {
  return (): CommandResult => {
    if (verb !== 'set-hostname') return failed(1, `Unknown command verb ${verb}.`);
    host.system.files.set('/etc/hostname', textFile(`${name}\n`));
    return ok();
  };
}

/** `install [-m MODE] [-o OWNER] [-D] SOURCE TARGET`, `install -d DIRECTORY`; a source `/dev/stdin` is the input. */
function install({ host, stdin }: CommandPlace, words: readonly string[]) {
  return (): CommandResult => {
    if (words.includes('-d')) return ok();
    const [source = '', target = ''] = words.slice(-2);
    const from = source === '/dev/stdin' ? stdin : host.system.files.get(source)?.content;
    if (from === undefined) {
      return failed(1, `install: cannot stat '${source}': No such file or directory`);
    }
    const mode = wordAfter(words, '-m') ?? '755';
    host.system.files.set(target, textFile(from.toString(), mode, wordAfter(words, '-o')));
    return ok();
  };
}

function systemctl(place: CommandPlace, words: readonly string[]): SimulatedCommand {
  const [verb, unit = ''] = withoutDashes(words);
  const name = unit.replace(/\.service$/, '');
  const argv = ['systemctl', ...words];
  switch (verb) {
    case 'is-active':
      return reads(() => isActive(place, name));
    case 'show':
      return reads(() => showUnit(place, name));
    case 'daemon-reload':
      return changes(place, argv, () => ok());
    case 'reboot': {
      const reboot = () => {
        restart(place.world, place.host);
        return ok();
      };
      return { ...changes(place, argv, reboot), takesMs: 0 };
    }
    case 'enable':
      return changes(place, argv, () => {
        enableUnit(place, name);
        return words.includes('--now') ? startUnit(place, name) : ok();
      });
    case 'disable':
      return changes(place, argv, () => {
        place.host.system.enabled.delete(name);
        return ok();
      });
    case 'start':
    case 'restart':
      return changes(place, argv, () => startUnit(place, name));
    case 'stop':
      return changes(place, argv, () => stopUnit(place, name));
    default:
      return reads(() => failed(1, `Unknown command verb ${verb}.`));
  }
}

function enableUnit({ host: { system } }: CommandPlace, name: string): void {
  if (name === 'kojid') system.services.add(name);
  else system.enabled.add(name);
}

function startUnit({ world, host }: CommandPlace, name: string): CommandResult {
  if (world.faults.strike(host.name, 'unit')) return failed(1, `Job for ${name} failed`);
  if (name !== 'kojid') host.system.services.add(name);
  if (name !== 'kojid' || startKojid(world, host)) return ok();
  return failed(1, `Job for kojid.service failed: /etc/kojid/kojid.conf is missing`);
}

function stopUnit({ world, host }: CommandPlace, name: string): CommandResult {
  if (world.faults.strike(host.name, 'unit')) return failed(1, `Job for ${name} failed`);
  if (name === 'kojid') stopKojid(world, host);
  else host.system.services.delete(name);
  return ok();
}

/** The properties that a swap asks for, whichever were asked for. */
function showUnit(place: CommandPlace, name: string): CommandResult {
  const isUp = isActive(place, name).code === 0;
  const said = isUp ? ['active', '4711', '1'] : ['inactive', '0', '[not set]'];
  const [active, pid, tasks] = said;
  const atBoot = place.host.system.enabled.has(name) ? 'enabled' : 'disabled';
  return ok(
    `LoadState=loaded\nActiveState=${active}\nMainPID=${pid}\nTasksCurrent=${tasks}\nUnitFileState=${atBoot}\n`,
  );
}

function isActive({ host }: CommandPlace, name: string): CommandResult {
  const active = name === 'kojid' ? host.kojidSince !== undefined : host.system.services.has(name);
  return active ? ok('active\n') : { code: 3, stdout: 'inactive\n', stderr: '' };
}

function withoutDashes(words: readonly string[]): readonly string[] {
  return words.filter((word) => !word.startsWith('-'));
}

function wordAfter(words: readonly string[], flag: string): string | undefined {
  const place = words.indexOf(flag);
  return place < 0 ? undefined : words[place + 1];
}

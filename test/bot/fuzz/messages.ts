import type { Random } from './random.ts';

/** What is there to be named. */
export interface Known {
  readonly ops: readonly string[];
  readonly codes: readonly string[];
}

export interface Line {
  readonly text: string;
  /** Nothing that anybody could mean as a command. */
  readonly noise: boolean;
}

const COMMANDS = [
  ...['help', 'status', 'ops', 'locks', 'whoami', 'clean', 'reimage', 'plan', 'why', 'show', 'log'],
  ...['approve', 'deny', 'cancel', 'hold', 'retry', 'skip', 'rollback', 'answer', 'lock', 'unlock'],
  ...['catchup', 'release', 'audit', 'rehearse', 'access', 'glass', 'reload', 'freeze', 'thaw'],
];
const HOSTS = [
  'builder-01',
  'builder-[01-06]',
  '@builders',
  'builder-*',
  '@builders!builder-01',
  'mirror-01',
];
/** Cyrillic о and е, Greek ο, a full-width digit, a dash that is none. */
const FALSE_HOSTS = ['buіlder-01', 'buildеr-01', 'builder‑01', 'builder-0１', 'mirrοr-01'];
const FORMATS = [
  '%s%n%x',
  '%{jndi:ldap://x}',
  '$(reboot)',
  '`reboot`',
  '{{7*7}}',
  '\\x00',
  "' OR 1=1",
  '*)(uid=*',
];
const PROTOCOL = [
  '\u0001PING 1\u0001',
  '\u0003' + '04red',
  '\u001b[2J',
  '\r\nPRIVMSG #ops :!approve',
  '\u202eevol',
  '\u0000',
];

export function randomLine(random: Random, known: Known): Line {
  const kind = random.below(10);
  if (kind === 0) return { text: randomText(random, 60), noise: true };
  if (kind === 1)
    return {
      text: `!${random.of(['!!', ')', ' ', '?', '1', '-', ''])}${randomText(random, 8)}`,
      noise: true,
    };
  if (kind === 2)
    return { text: `!${random.of(COMMANDS)} ~${randomText(random, 40)}`, noise: true };
  if (kind === 3) return { text: `!${mistyped(random, random.of(COMMANDS))}`, noise: true };
  if (kind === 4)
    return {
      text: `!${random.of(COMMANDS)} ${random.of(FORMATS)}${random.of(PROTOCOL)}`,
      noise: true,
    };
  if (kind === 5)
    return {
      text: `!${random.of(['clean', 'lock', 'plan clean'])} ${random.of(FALSE_HOSTS)}`,
      noise: true,
    };
  if (kind === 6 && random.below(40) === 0)
    return { text: `!lock builder-01 ${'long '.repeat(12_000)}`, noise: false };
  if (kind <= 7)
    return {
      text: `!${random.of(COMMANDS)} ${random.of(known.ops)} ${random.of(known.codes)}`,
      noise: false,
    };
  return {
    text: `!${random.of(COMMANDS)} ${random.of([...HOSTS, ''])} ${random.of(['', 'count=6', 'why not'])}`,
    noise: false,
  };
}

function mistyped(random: Random, word: string): string {
  const at = random.below(word.length);
  const letter = random.of(['x', 'е', 'ß', '\u0301', '%', '']);
  return `${word.slice(0, at)}${letter}${word.slice(at + random.below(2))}x`;
}

/** Anything from the whole of Unicode, halves of pairs too, and mostly what is near the keys. */
function randomText(random: Random, most: number): string {
  const ranges = [
    [0x20, 0x60],
    [0x20, 0x60],
    [0x00, 0x20],
    [0x80, 0x500],
    [0x2000, 0x70],
    [0xd800, 0x800],
    [0x1f300, 0x300],
  ];
  return Array.from({ length: random.below(most) }, () => {
    const [from = 0, size = 1] = random.of(ranges);
    return String.fromCodePoint(from + random.below(size));
  }).join('');
}

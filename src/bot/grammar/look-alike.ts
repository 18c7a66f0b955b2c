import { codePointName } from './refused-character.ts';

/** A character that is not one of ASCII, and the ASCII character it is taken for, if any. */
export interface Stranger {
  /** UTF-16 offset in the text. */
  readonly at: number;
  readonly character: string;
  /** `о is U+043E, a Cyrillic letter that looks like o` */
  readonly explained: string;
  /** The whole text with every look-alike replaced. */
  readonly meant: string;
}

// A few of Unicode's confusables (UTS #39), the ones that pass for characters of host names.
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  ...pairs('аеорсухіјѕһԁԛԝ', 'aeopcyxijshdqw'),
  ...pairs('АВЕКМНОРСТУХІЈЅ', 'abekmhopctyxijs'),
  ...pairs('αονρυικτ', 'aovpuikt'),
  ...pairs('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'abezhikmnoptyx'),
  ...pairs('ոսհօցզ', 'nuhogq'),
  ...pairs('ıɡɑ', 'iga'),
  ...pairs('‐‑‒–—―−﹣', '--------'),
};

const SCRIPTS = ['Cyrillic', 'Greek', 'Armenian', 'Latin', 'Hebrew', 'Arabic', 'Han'] as const;

/** The first character of a text that is not ASCII. Names of hosts, pools, images and commands have none. */
export function stranger(text: string): Stranger | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant
  const at = text.search(/[^\u0000-\u007f]/u);
  if (at < 0) return undefined;
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const alike = asciiFor(character);
  const looks = alike === undefined ? '' : ` that looks like ${alike}`;
  const name = codePointName(character.codePointAt(0) ?? 0);
  const meant = [...text].map((letter) => asciiFor(letter) ?? letter).join('');
  return {
    at,
    character,
    explained: `${character} is ${name}, ${kindOf(character)}${looks}`,
    meant,
  };
}

function asciiFor(character: string): string | undefined {
  const known = LOOKS_LIKE[character];
  if (known !== undefined) return known;
  const plain = character.normalize('NFKC');
  return plain !== character && /^[!-~]$/.test(plain) ? plain.toLowerCase() : undefined;
}

function kindOf(character: string): string {
  if (/\p{Pd}/u.test(character)) return 'a dash';
  if (!/\p{L}/u.test(character)) return 'not a letter of names';
  const script = SCRIPTS.find((name) => new RegExp(`\\p{Script=${name}}`, 'u').test(character));
  return script === undefined ? 'a letter of another script' : `a ${script} letter`;
}

function pairs(strange: string, plain: string): Record<string, string> {
  return Object.fromEntries([...strange].map((letter, index) => [letter, plain[index] ?? '']));
}

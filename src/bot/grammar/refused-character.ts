import type { Complaint } from './misread.ts';

/**
 * Characters that can hide or reorder what a line says: controls, bidi and zero-width characters (Unicode's format
 * characters and default-ignorable ones), line separators and halves of a surrogate pair. Variation selectors are left
 * alone because phones put them into emoji.
 */
const REFUSED =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?!\p{Variation_Selector})\p{Default_Ignorable_Code_Point}/u;

const NAMES: Readonly<Record<number, string>> = {
  0: 'a NUL',
  7: 'a bell',
  9: 'a tab',
  10: 'a line feed',
  13: 'a carriage return',
  27: 'an escape character',
  173: 'a soft hyphen',
  1564: 'an Arabic letter mark',
  8203: 'a zero-width space',
  8204: 'a zero-width non-joiner',
  8205: 'a zero-width joiner',
  8206: 'a left-to-right mark',
  8207: 'a right-to-left mark',
  8234: 'a left-to-right embedding',
  8235: 'a right-to-left embedding',
  8236: 'a pop directional formatting',
  8237: 'a left-to-right override',
  8238: 'a right-to-left override',
  8232: 'a line separator',
  8233: 'a paragraph separator',
  8288: 'a word joiner',
  8294: 'a left-to-right isolate',
  8295: 'a right-to-left isolate',
  8296: 'a first strong isolate',
  8297: 'a pop directional isolate',
  65279: 'a byte order mark',
};

/** The first character of a line, from an offset on, that no command may contain. */
export function refusedCharacter(line: string, from = 0): Complaint | undefined {
  const found = line.slice(from).search(REFUSED);
  if (found < 0) return undefined;
  const code = line.codePointAt(from + found) ?? 0;
  return {
    at: from + found,
    word: codePointName(code),
    problem: `${kindOf(code)} is refused because it cannot be seen`,
    expected: 'visible characters and spaces only',
  };
}

/** How people look a character up: `U+202E`. */
export function codePointName(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

function kindOf(code: number): string {
  const name = NAMES[code];
  if (name !== undefined) return name;
  const character = String.fromCodePoint(code);
  if (/\p{Cc}/u.test(character)) return 'a control character';
  return /\p{Cs}/u.test(character) ? 'half a character' : 'an invisible character';
}

/** What a key of `hosts` stands for: `builder-[01-20]` is twenty hosts. */
export type HostRange =
  | { readonly kind: 'hosts'; readonly names: readonly string[] }
  | { readonly kind: 'malformed'; readonly because: string };

const LARGEST = 20_000;

/** NodeSet's notation: ranges and lists in brackets, zeros kept, and a comma between whole names. */
export function hostRange(text: string): HostRange {
  if (!/[[\],]/.test(text)) return { kind: 'hosts', names: [text] };
  try {
    const names = splitOutside(text).flatMap(expand);
    if (names.length > LARGEST) throw tooLarge();
    return { kind: 'hosts', names };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { kind: 'malformed', because: error.message };
  }
}

/** At the commas that are not in brackets. */
function splitOutside(text: string): string[] {
  return text.split(/,(?![^[]*\])/);
}

function expand(name: string): string[] {
  const parts = name.match(/^([^[\]]*)\[([^[\]]*)\](.*)$/);
  if (parts === null && /[[\]]/.test(name)) throw new RangeError(`"${name}" has a lone bracket`);
  if (parts === null) return [name];
  const [, before = '', ranges = '', after = ''] = parts;
  const ends = expand(after);
  const numbers = ranges.split(',').flatMap(numbersIn);
  if (numbers.length * ends.length > LARGEST) throw tooLarge();
  return numbers.flatMap((number) => ends.map((end) => `${before}${number}${end}`));
}

function numbersIn(range: string): string[] {
  const [, first, last = first] = range.match(/^(\d{1,9})(?:-(\d{1,9}))?$/) ?? [];
  if (first === undefined || last === undefined) {
    throw new RangeError(`"${range}" is not a range of numbers`);
  }
  const count = Number(last) - Number(first) + 1;
  if (count < 1) throw new RangeError(`"${range}" runs backwards`);
  if (count > LARGEST) throw tooLarge();
  return Array.from({ length: count }, (_, index) => padded(Number(first) + index, first));
}

function padded(number: number, first: string): string {
  return String(number).padStart(first.startsWith('0') ? first.length : 1, '0');
}

function tooLarge(): RangeError {
  return new RangeError(`it stands for more than ${LARGEST} hosts`);
}

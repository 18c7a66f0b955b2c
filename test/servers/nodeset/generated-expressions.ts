/** The same numbers for the same seed, on every machine. From 0 up to 1 (mulberry32, public domain). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const NAMES = ['builder-', 'compute-', 'web', 'r', 'a-b', 'x86-', 'rack1-n', 'n-'];
const AFTER = ['', '', '', '-ib', '.example.org', 'x', '5', '0'];
const SINGLE = ['builder-01', 'web1', 'db', 'r1n2', 'compute-2', '7', '007', 'n-3', 'builder-1'];
const POOLS = ['@builders', '@compute', '@spares', '@*', '@nodes[1-2]', '@nodes1', '@nope'];
const WILDCARDS = [
  'builder-*',
  '*',
  'web?',
  'r?n*',
  'nothing-*',
  'builder-0[1-3]',
  'r[1-2]n?',
  '*-1',
];
const OPERATORS = [...',,,,,,,,!!!!&&^^^', ' , ', '! ', ',,'];
const STRAY = [...'[],-/!&^@*? 019azAZ_.%:'];

/** Expressions as people write them, and about one in four with something wrong in it. */
export function generatedExpressions(count: number, seed: number): readonly string[] {
  const random = randomNumbers(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = (from: readonly string[]): string => from[below(from.length)] ?? '';
  const often = (share: number) => random() < share;

  function number(): string {
    const text = String(often(0.8) ? below(13) : below(130));
    return often(0.4) ? text.padStart(1 + below(3), '0') : text;
  }

  function range(): string {
    const first = number();
    if (often(0.35)) return often(0.1) ? `-${first}` : first;
    const last = String(Number(first) + below(12)).padStart(often(0.9) ? first.length : 1, '0');
    const step = often(0.2) ? `/${1 + below(4)}` : '';
    const [from, to] = often(0.98) ? [first, last] : [last, first];
    return often(0.95) ? `${from}-${to}${step}` : `${from} - ${to}${step}`;
  }

  const ranges = () => `[${Array.from({ length: 1 + below(3) }, range).join(',')}]`;

  function operand(): string {
    const kind = random();
    if (kind < 0.2) return pick(SINGLE);
    if (kind < 0.3) return pick(POOLS);
    if (kind < 0.38) return pick(WILDCARDS);
    const digit = often(0.12) ? String(below(10)) : '';
    const second = often(0.25) ? `${pick(['n', '-', 'x', '0n'])}${ranges()}` : '';
    return `${pick(NAMES)}${digit}${ranges()}${second}${pick(AFTER)}`;
  }

  function expression(): string {
    let text = operand();
    for (let more = below(4); more > 0; more -= 1) text += pick(OPERATORS) + operand();
    return text;
  }

  function spoilt(text: string): string {
    const at = below(text.length + 1);
    if (often(0.5)) return text.slice(0, at) + pick(STRAY) + text.slice(at);
    return text.slice(0, at) + text.slice(at + 1);
  }

  return Array.from({ length: count }, () => (often(0.25) ? spoilt(expression()) : expression()));
}

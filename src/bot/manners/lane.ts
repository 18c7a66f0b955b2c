/**
 * What a command is to those who wait for others: `steering` goes before everything, `open` is what anybody may ask and
 * where noise belongs, `ordinary` is everything else.
 */
export type Lane = 'steering' | 'ordinary' | 'open';

const STEERING = [
  'approve',
  'deny',
  'cancel',
  'hold',
  'answer',
  'retry',
  'skip',
  'rollback',
  'glass',
];
const OPEN = ['status', 'help', 'whoami'];

/**
 * By the first word of a command. Nobody approves whom the network does not vouch for, so their words are talk like any
 * other.
 */
export function laneOf(word: string, vouched: boolean, known: ReadonlySet<string>): Lane {
  if (!vouched || OPEN.includes(word) || !known.has(word)) return 'open';
  return STEERING.includes(word) ? 'steering' : 'ordinary';
}

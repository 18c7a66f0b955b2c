import { printable } from '../grammar/printable.ts';
import { duration } from '../narrator/in-words.ts';
import type { Admitted } from './limits.ts';

const LONGEST_COMMAND_BYTES = 60;

/** Said once to whoever asks for too much, with what of it was the first that was not taken. */
export function declinedInWords(
  { whose, againInMs }: Extract<Admitted, { kind: 'declined' }>,
  { shown, text }: { readonly shown: string; readonly text: string },
): string {
  const who = whose === 'sender' ? `${shown}: too many commands at once` : 'too many commands here';
  const first = printable(text, LONGEST_COMMAND_BYTES);
  return `${who}; "${first}" and what follows is not taken. Go on in ${duration(againInMs)}; approvals and answers are always taken.`;
}

import type { Card } from './card.ts';
import { joined } from './in-words.ts';

/** A card for whoever sees only text, such as a notification. */
export function cardLines({ op, command, headline, by, time }: Card): readonly string[] {
  return [joined([`${op} ${headline}`, command, time, `asked by ${by}`])];
}

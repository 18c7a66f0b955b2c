import type { Capabilities } from '../chat-network.ts';
import { printable } from '../grammar/printable.ts';
import { joined } from './in-words.ts';
import type { Option, Question, Situation } from './situation.ts';

/** An IRC message has 512 bytes with everything that stands before the text. */
const LONGEST_LINE_BYTES = 390;

/** A situation as lines: the operation first, what can be typed last, each short enough for IRC and harmless. */
export function renderLines(
  situation: Situation,
  can: Pick<Capabilities, 'reactions'>,
): readonly string[] {
  const { facts = [], time, summary = [], details = [], question } = situation;
  return [
    ...linesOf([head(situation), ...facts, time]),
    ...linesOf(summary),
    ...details.flatMap((detail) => linesOf([detail])),
    ...(question ? linesOf(partsOf(question, can)) : []),
  ];
}

/** `ana: op-7k2m 6/8 FAILED configure: no such device` */
function head({ to, op, place, headline, what }: Situation): string {
  const step = place && `${place.number}/${place.of}`;
  const stands = headline && (place ? headline : `${headline}:`);
  const name = to === undefined ? undefined : `${to}:`;
  return [name, op, step, stands, what].filter(Boolean).join(' ');
}

/** Whoever approves reads first what cannot be taken back; whoever answers reads first what there is to choose from. */
function partsOf(
  question: Question,
  can: Pick<Capabilities, 'reactions'>,
): readonly (string | undefined)[] {
  const { warning, needs, options, whose, see, otherwise } = question;
  if (needs === undefined) {
    const group = whose.length > 0 ? `for ${whose.join(' or ')}` : undefined;
    return [options.map(pressOrType).join('  '), group, warning, ...see, otherwise];
  }
  const ways = options.map((option) => (can.reactions ? typeOrPress(option) : option.typed));
  return [warning, `${needs}: ${ways.join('  ')}`, ...see, otherwise];
}

function pressOrType({ emoji, typed }: Option): string {
  return `${emoji} ${typed}`;
}

function typeOrPress({ emoji, typed }: Option): string {
  return `${typed} or ${emoji}`;
}

/** As few lines as the parts fit into; a part that fits into none is cut. */
function linesOf(parts: readonly (string | undefined)[]): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const text = printable(part ?? '', LONGEST_LINE_BYTES);
    const longer = joined([lines.at(-1), text]);
    if (Buffer.byteLength(longer) > LONGEST_LINE_BYTES) lines.push(text);
    else if (longer !== '') lines.splice(-1, 1, longer);
  }
  return lines;
}

import type { Pattern } from './script-line.ts';

/** What the bot said in the channel, and how far expectations have got in it. */
export interface Transcript {
  add(lines: readonly string[]): void;
  /** Whether what was said since the last match holds the pattern; if so, the next search begins after it. */
  match(pattern: Pattern): boolean;
  /** The lines since the last match; the rest of the line it was in comes first. */
  sinceLastMatch(): readonly string[];
  /** `$op` and `$code` replaced by the newest operation and its short code. */
  fill(text: string): Filled;
  fillPattern(pattern: Pattern): Pattern | Unfilled;
}

type Filled = { readonly kind: 'filled'; readonly text: string } | Unfilled;
interface Unfilled {
  readonly kind: 'unfilled';
  readonly because: string;
}

const OP = /\bop-[2-9a-hjkmnp-z]{4,12}\b/g;
const CODE = /\bapprove (?<op>op-[2-9a-hjkmnp-z]{4,12}) (?<code>[0-9a-z]{4,})/g;
const VARIABLE = /\$(op|code)\b/g;

export function newTranscript(): Transcript {
  let rest = '';
  const ops = new Set<string>();
  const codes = new Map<string, string>();

  const variables = () => {
    // An operation that is mentioned again is not newer for that.
    const op = [...ops].at(-1);
    return { op, code: op === undefined ? undefined : codes.get(op) };
  };
  const fillWith = (text: string, inserted: (value: string) => string): Filled => {
    const { op, code } = variables();
    const missing = [...text.matchAll(VARIABLE)].find(([, name]) => !(name === 'op' ? op : code));
    if (missing !== undefined) return unfilled(missing[0], op);
    const filled = text.replace(VARIABLE, (_, name) => inserted((name === 'op' ? op : code) ?? ''));
    return { kind: 'filled', text: filled };
  };

  return {
    add(lines) {
      const text = lines.join('\n');
      rest += `${text}\n`;
      for (const [op] of text.matchAll(OP)) ops.add(op);
      for (const { groups } of text.matchAll(CODE)) codes.set(groups?.op ?? '', groups?.code ?? '');
    },
    match(pattern) {
      const end = endOfMatch(rest, pattern);
      if (end !== undefined) rest = rest.slice(end);
      return end !== undefined;
    },
    sinceLastMatch: () => rest.split('\n').filter(Boolean),
    fill: (text) => fillWith(text, (value) => value),
    fillPattern(pattern) {
      if (pattern.kind === 'text') return asPattern(fillWith(pattern.text, (value) => value));
      const source = fillWith(pattern.source, RegExp.escape);
      return source.kind === 'unfilled' ? source : { ...pattern, source: source.text };
    },
  };
}

function asPattern(filled: Filled): Pattern | Unfilled {
  return filled.kind === 'unfilled' ? filled : { kind: 'text', text: filled.text };
}

function unfilled(variable: string, op: string | undefined): Unfilled {
  const because =
    op === undefined
      ? `${variable}: the channel has named no operation yet`
      : `${variable}: the channel has shown no code to approve ${op} with`;
  return { kind: 'unfilled', because };
}

function endOfMatch(text: string, pattern: Pattern): number | undefined {
  if (pattern.kind === 'text') {
    const at = text.indexOf(pattern.text);
    return at < 0 ? undefined : at + pattern.text.length;
  }
  const flags = [...new Set(`${pattern.flags}m`)].join('');
  const match = new RegExp(pattern.source, flags).exec(text);
  return match === null ? undefined : match.index + match[0].length;
}

import { parse } from 'yaml';

/**
 * What a YAML file says, where it is written in the plain form of big inventories: nested block maps of words. What is
 * not plain inside an entry is left to the yaml library, entry by entry. Undefined when the file as a whole has to be
 * read by the library, which is ten times slower and says what is wrong.
 *
 * Whatever this gives is what the library would give; test/adapters/config/plain-yaml.test.ts holds the two together.
 */
export function plainYaml(text: string): unknown {
  const lines = text.split(/\r?\n/);
  if (/[\t\uFEFF]|\r(?!\n)/.test(text)) return undefined;
  if (lines[0] === '---') lines[0] = '';
  try {
    const block: Block = { lines, texts: new Map() };
    const start = nextEntry(block, 0, lines.length);
    return start === undefined ? undefined : readMap(block, start, lines.length);
  } catch {
    return undefined;
  }
}

interface Block {
  readonly lines: readonly string[];
  /** What the library made of a text, since most values of an inventory occur many times. */
  readonly texts: Map<string, unknown>;
}

const ENTRY = /^( *)([A-Za-z][A-Za-z0-9_.,[\]-]*):(?: +(.*))?$/;
const NOTHING = /^ *(?:#.*)?$/;

function readMap(block: Block, start: number, end: number): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  const indent = indentOf(block.lines[start]);
  for (let at: number | undefined = start; at !== undefined; ) {
    const [, spaces, key, value = ''] = block.lines[at]?.match(ENTRY) ?? notPlain();
    if (spaces?.length !== indent || key === undefined || isSpecial(key)) notPlain();
    if (Object.hasOwn(map, key)) notPlain();
    const after = endOfBody(block, at + 1, end, indent);
    map[key] = readValue(block, { key, value: value.trimEnd(), at, after });
    at = nextEntry(block, after, end);
  }
  return map;
}

interface Entry {
  readonly key: string;
  /** What follows the key on its line. */
  readonly value: string;
  /** The lines of the entry, the last one exclusive. */
  readonly at: number;
  readonly after: number;
}

function readValue(block: Block, { key, value, at, after }: Entry): unknown {
  const body = nextEntry(block, at + 1, after);
  if (body === undefined && !opensBlock(value)) {
    return readWord(value) ?? readFlatMap(value) ?? readOnce(block, `k: ${value}`, 'k');
  }
  if (body !== undefined && value === '' && ENTRY.test(block.lines[body] ?? '')) {
    return readMap(block, body, after);
  }
  const indent = indentOf(block.lines[at]);
  const text = block.lines.slice(at, after).map((line) => withoutIndent(line, indent));
  return readOnce(block, `${text.join('\n')}\n`, key);
}

/** Words, dotted numbers, small integers and simple quoted texts, which mean the same to every reader of YAML. */
function readWord(value: string): string | number | undefined {
  if (/^[A-Za-z][A-Za-z0-9_./@-]*$/.test(value)) return isSpecial(value) ? undefined : value;
  if (/^\d+(?:\.\d+){2,}$/.test(value)) return value;
  if (/^(?:0|[1-9]\d{0,14})$/.test(value)) return Number(value);
  if (/^"[ !#-[\]-~]*"$/.test(value) || /^'[ -&(-~]*'$/.test(value)) return value.slice(1, -1);
  return undefined;
}

/** `{ pool: builders, zone: staging }`, how short hosts are written. */
function readFlatMap(value: string): Record<string, unknown> | undefined {
  const [, inner] = value.match(/^\{ *([^{}[\]"'#]+?) *\}$/) ?? [];
  if (inner === undefined) return undefined;
  const map: Record<string, unknown> = {};
  for (const pair of inner.split(/ *, */)) {
    const [, key, text = ''] = pair.match(/^([A-Za-z][A-Za-z0-9_.-]*): +(\S+)$/) ?? [];
    const word = readWord(text);
    if (key === undefined || word === undefined || isSpecial(key)) return undefined;
    if (Object.hasOwn(map, key)) return undefined;
    map[key] = word;
  }
  return map;
}

function readOnce({ texts }: Block, text: string, key: string): unknown {
  if (!texts.has(text)) texts.set(text, readEntry(text, key));
  return texts.get(text);
}

function readEntry(text: string, key: string): unknown {
  const map: unknown = parse(text, { logLevel: 'error' });
  if (typeof map !== 'object' || map === null || Object.keys(map).join() !== key) notPlain();
  return Reflect.get(map, key);
}

/** The first line from `from` on that is neither empty nor a comment. */
function nextEntry({ lines }: Block, from: number, end: number): number | undefined {
  for (let at = from; at < end; at += 1) if (!NOTHING.test(lines[at] ?? '')) return at;
  return undefined;
}

function endOfBody({ lines }: Block, from: number, end: number, indent: number): number {
  let at = from;
  while (at < end && (indentOf(lines[at]) > indent || NOTHING.test(lines[at] ?? ''))) at += 1;
  return at;
}

function indentOf(line = ''): number {
  let count = 0;
  while (line.charCodeAt(count) === 32) count += 1;
  return count;
}

function withoutIndent(line: string, indent: number): string {
  return indentOf(line) >= indent ? line.slice(indent) : line.trimStart();
}

function opensBlock(value: string): boolean {
  return /^[|>]/.test(value);
}

function isSpecial(word: string): boolean {
  return /^(?:null|true|false)$/i.test(word);
}

function notPlain(): never {
  throw new Error('not the plain form');
}

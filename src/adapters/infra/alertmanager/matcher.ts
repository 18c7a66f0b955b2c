import type { HostName } from '../../../domain/ids.ts';

const OPERATORS = ['=~', '!~', '!=', '='] as const;
type Operator = (typeof OPERATORS)[number];

/** One of the conditions of a silence, with `{host}` where the host's name will stand. */
export interface Matcher {
  readonly label: string;
  readonly operator: Operator;
  readonly value: string;
}

const FORM = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"\s*$/s;
const HOST = '{host}';

/** Undefined for what is not a matcher such as `instance=~"{host}:9100"`. */
export function parseMatcher(text: string): Matcher | undefined {
  const [, label, operator, quoted] = FORM.exec(text) ?? [];
  if (label === undefined || operator === undefined || quoted === undefined) return undefined;
  return { label, operator: operator as Operator, value: unquote(quoted) };
}

/** Without one such matcher a silence would be about every host there is. */
export function namesHost({ operator, value }: Matcher): boolean {
  return (operator === '=' || operator === '=~') && value.includes(HOST);
}

export function forHost({ label, operator, value }: Matcher, host: HostName): Matcher {
  const isRegex = operator.endsWith('~');
  const name = isRegex ? host.replaceAll(/[^a-z0-9-]/g, '\\$&') : host;
  return { label, operator, value: value.replaceAll(HOST, () => name) };
}

/** As people write it, and as the API's filter takes it. */
export function formatMatcher({ label, operator, value }: Matcher): string {
  const quoted = value.replaceAll(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
  return `${label}${operator}"${quoted}"`;
}

/** As the API has it. */
export function apiMatcher({ label: name, operator, value }: Matcher) {
  return { name, value, isRegex: operator.endsWith('~'), isEqual: operator.startsWith('=') };
}

/** As amtool reads it: a backslash before anything else than these stands for itself. */
function unquote(text: string): string {
  return text.replaceAll(/\\([\\"n])/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
}

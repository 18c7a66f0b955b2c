/** What a line typed at a terminal, or spoken in a demo script, is. */
export type TypedLine =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'message'; readonly text: string }
  | {
      readonly kind: 'reaction';
      readonly emoji: string;
      readonly change: 'added' | 'removed';
    }
  /** For the terminal's own handler, with its slash. */
  | { readonly kind: 'local'; readonly line: string };

/** `+👍` alone reacts, and `-👍` takes it back. `+1` is a message: only an emoji is a reaction. */
const REACTION = /^(?<sign>[+-])(?<emoji>\p{Extended_Pictographic}\S*)$/u;
const REACT = /^\/react\s+(?<sign>[+-]?)(?<emoji>\p{Extended_Pictographic}\S*)$/u;

export function readTypedLine(typed: string): TypedLine {
  const line = typed.trim();
  if (line === '') return { kind: 'nothing' };
  const { sign, emoji } = (REACTION.exec(line) ?? REACT.exec(line))?.groups ?? {};
  if (emoji !== undefined) {
    return { kind: 'reaction', emoji, change: sign === '-' ? 'removed' : 'added' };
  }
  return line.startsWith('/') ? { kind: 'local', line } : { kind: 'message', text: line };
}

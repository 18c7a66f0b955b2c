import { clearScreenDown, cursorTo, type Interface, moveCursor } from 'node:readline';
import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import type { Outgoing } from '../../../bot/chat-network.ts';
import { channelLines, harmless } from './channel-lines.ts';
import { clip } from './clip.ts';
import type { Screen } from './screen.ts';

export interface TerminalScreenOptions {
  readonly output: Writable & { readonly columns?: number };
  readonly readline: Interface;
  readonly name: string;
  /** Asked at each redraw: `/as` changes it. */
  readonly prompt: () => string;
  readonly colour: boolean;
}

export interface TerminalScreen extends Screen {
  /** To be called after each line that was typed: readline has left it behind and stands in an empty row. */
  lineTaken(): void;
}

/**
 * Messages go above what is being typed, which stays as it is. Between them stands one line for each operation that is
 * under way, redrawn in place until something else is said about it.
 */
export function terminalScreen(options: TerminalScreenOptions): TerminalScreen {
  const { output, readline, name, prompt } = options;
  const paint = painter(options.colour);
  const underWay = new Map<string, string>();
  let drawn = 0;

  const redraw = (lines: readonly string[]) => {
    const { rows } = readline.getCursorPos();
    moveCursor(output, 0, -(rows + drawn));
    cursorTo(output, 0);
    clearScreenDown(output);
    const columns = (output.columns ?? 80) - 1;
    const bottom = Array.from(underWay.values(), (line) => paint.progress(clip(line, columns)));
    for (const line of [...lines, ...bottom]) output.write(`${line}\n`);
    drawn = bottom.length;
    output.write('\n'.repeat(rowsGoneUp(readline)));
    readline.setPrompt(prompt());
    readline.prompt(true);
  };

  return {
    show(message) {
      const op = operationOf(message);
      if (message.as === 'progress' && op !== undefined) {
        underWay.set(op, harmless(message.lines.join(' · ')));
        return redraw([]);
      }
      if (op !== undefined) underWay.delete(op);
      redraw(paint.message(channelLines(name, message.lines), message.as, name.length + 2));
    },
    note: (lines) => redraw(lines.map(harmless)),
    lineTaken() {
      drawn = 0;
      redraw([]);
    },
  };
}

/**
 * How many rows readline goes up before it draws its prompt again: where it believes the cursor to be. That is not
 * where the cursor is once typing went past the end of a row (Node 20 to 24), and it is in no documentation.
 */
function rowsGoneUp(readline: Interface & { readonly prevRows?: number }): number {
  return readline.prevRows ?? 0;
}

/** The operation a message is about: the one its key names, or the first that its text does. */
function operationOf({ key, lines }: Pick<Outgoing, 'key' | 'lines'>): string | undefined {
  return /\bop-[2-9a-hjkmnp-z]{4,12}\b/.exec([key, ...lines].join('\n'))?.[0];
}

interface Painter {
  message(lines: readonly string[], as: Outgoing['as'], nameWidth: number): readonly string[];
  progress(line: string): string;
}

function painter(colour: boolean): Painter {
  if (!colour) return { message: (lines) => lines, progress: (line) => line };
  const style = (format: 'cyan' | 'yellow' | 'dim', text: string) =>
    styleText(format, text, { validateStream: false });
  return {
    message: ([first = '', ...rest], as, nameWidth) => {
      const name = style(as === 'prompt' ? 'yellow' : 'cyan', first.slice(0, nameWidth));
      return [`${name}${first.slice(nameWidth)}`, ...rest];
    },
    progress: (line) => style('dim', line),
  };
}

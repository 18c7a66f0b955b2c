import type { Writable } from 'node:stream';
import { channelLines, harmless } from './channel-lines.ts';
import type { Screen } from './screen.ts';

/** One line after the other, for pipes and files: nothing is redrawn and nothing is coloured. */
export function plainScreen(output: Writable, name: string): Screen {
  const write = (lines: readonly string[]) => {
    for (const line of lines) output.write(`${line}\n`);
  };
  return {
    show: ({ lines }) => write(channelLines(name, lines)),
    note: (lines) => write(lines.map(harmless)),
  };
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askBot } from '../../../../src/adapters/chat/terminal/ask-bot.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-ask-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function ask(socket: string) {
  return askBot({ socket, command: '!status', wait: false, print: () => {} });
}

describe('a command from a terminal', () => {
  it.each([['socket'], ['none', 'socket']])(
    'says where no bot runs that there is no socket, and how to start one: %s %s',
    async (...names) => {
      const socket = join(newFolder(), ...names);
      await expect(ask(socket)).rejects.toMatchObject({
        code: 'terminal.no-bot',
        message: `No bot takes commands here: there is no socket ${socket}`,
        next: expect.stringMatching(/^Start it with signalbox start, .* --socket\.$/),
      });
    },
  );

  it('says that what is there is no socket, or that nobody listens at it', async () => {
    const file = join(newFolder(), 'socket');
    writeFileSync(file, '');
    await expect(ask(file)).rejects.toMatchObject({
      code: 'terminal.no-bot',
      message: expect.stringMatching(/: (nobody listens any more at .*|.* is no socket)$/),
    });
  });
});

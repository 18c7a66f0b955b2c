import { expect, it, onTestFinished, vi } from 'vitest';
import { runCommand } from '../../src/program/run/run-command.ts';

it.each(['', '  ', '!'])('says of "%s" that it is no command, and what one is', async (command) => {
  const before = process.exitCode;
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => {
    process.exitCode = before;
    told.mockRestore();
  });
  await runCommand(command, { config: '/nonexistent/signalbox.yaml' });
  expect(process.exitCode).toBe(2);
  expect(told.mock.calls).toEqual([
    [
      expect.stringMatching(
        /is no command: expected one as in chat.* run 'help' for what there is/,
      ),
    ],
  ]);
});

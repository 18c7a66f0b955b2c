import { describe, expect, test } from 'vitest';
import type { Incoming } from '../../../src/bot/chat-network.ts';
import type { Command } from '../../../src/bot/command.ts';
import approve from '../../../src/bot/commands/approve.ts';
import { createManners } from '../../../src/bot/manners/manners.ts';

const ANA = { id: 'ana', shown: 'ana' };
const REF = { channel: '#ops', id: 'one' };
const TYPED = { kind: 'message', ref: REF, sender: ANA, text: '!approve op-1' } as const;
const PRESSED = { kind: 'reaction', ref: REF, sender: ANA, on: REF, emoji: '👍' } as const;

/** Time stands still; gives how long each that was taken waited. */
function manners() {
  const waits: number[] = [];
  const { admit } = createManners({
    bot: { commands: new Map<string, Command>([['approve', approve]]) },
    network: {},
    clock: () => 0,
    wait: async (ms) => void waits.push(ms),
  });
  const taken: Incoming[] = [];
  async function presses(times: number): Promise<void> {
    for (let nth = 0; nth < times; nth += 1) {
      const reaction = { ...PRESSED, change: 'added' } as const;
      const turn = admit(reaction, '');
      if (turn.kind === 'taken') await turn.run(async () => void taken.push(reaction));
    }
  }
  return { admit, presses, taken, waits };
}

describe('reactions of one person', () => {
  test('that come all at once are all taken, the later ones after a while', async () => {
    const { presses, taken, waits } = manners();
    await presses(60);
    expect(taken).toHaveLength(60);
    expect(waits).toHaveLength(20);
    expect(waits.slice(0, 2)).toEqual([500, 1_000]);
  });

  test('leave them what they may type, and whoever types too much hears of it', async () => {
    const { admit, presses } = manners();
    await presses(60);
    const turns = Array.from({ length: 41 }, () => admit(TYPED, 'approve op-1'));
    expect(turns.slice(0, 40).every(({ kind }) => kind === 'taken')).toBe(true);
    expect(turns.at(-1)).toMatchObject({
      kind: 'declined',
      lines: [expect.stringMatching('ana: too many')],
    });
  });

  test('that nobody has questions for are left out in the end', async () => {
    const { presses, taken } = manners();
    await presses(2_000);
    expect(taken).toHaveLength(40 + 1_200);
  });
});

import { describe, expect, test } from 'vitest';
import { createWorld } from '../world.ts';
import { SITUATIONS } from './situations.ts';

describe('what an operator reads when', async () => {
  const heard = new Map<string, readonly string[]>();
  for (const [name, play] of Object.entries(SITUATIONS)) heard.set(name, await play(createWorld));

  test('any of them comes up is as it was judged', async () => {
    const whole = [...heard].map(([name, lines]) => `# ${name}\n${lines.join('\n')}\n`);
    await expect(whole.join('\n')).toMatchFileSnapshot('situations.txt');
  });

  test.each([...heard])('%s fits into lines of IRC and is harmless there', (_name, lines) => {
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(Buffer.byteLength(line)).toBeLessThan(400);
      expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      expect(line.trim()).toBe(line);
    }
  });
});

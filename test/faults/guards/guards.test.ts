import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { WRITTEN } from '../real/written.ts';
import { edited, GUARDS } from './guards.ts';

it.each([...GUARDS])('%s can be taken out of the source', (_guard, edits) => {
  for (const edit of edits) {
    const source = readFileSync(edit.file, 'utf8');
    expect(edited(source, edit)).not.toBe(source);
  }
});

it('every history that needs a guard has a way to take it out, and the other way round', () => {
  expect(WRITTEN.map(({ guard }) => guard)).toEqual([...GUARDS.keys()]);
});

it('a text that is not there, or twice, is no edit', () => {
  const edit = { file: 'a.ts', from: 'check();', to: '' };
  expect(() => edited('nothing', edit)).toThrow('a.ts has not once: check();');
  expect(() => edited('check(); check();', edit)).toThrow('a.ts has not once: check();');
});

import { describe, expect, test } from 'vitest';
import { createWorld } from './world.ts';

const question = {
  question: 'does it build?',
  options: [{ word: 'yes', emoji: '✅' }],
  answerableBy: ['developers'],
};

async function askingDevelopers() {
  const world = await createWorld({ question });
  await world.says('rik', '!clean builder-01');
  const heard = await world.passes(1);
  return { ...world, heard };
}

const NOT_FOR_RIK =
  'rik: op-1: rik is in root; what it asks is for developers. Ask somebody of developers.';

describe('a question for a group', () => {
  test('says for whom it is', async () => {
    const { heard } = await askingDevelopers();
    expect(heard.slice(-2)).toEqual([
      'op-1 4/4 does it build?',
      '✅ !answer op-1 yes  ⏸️ !hold op-1 · for developers · no way back after step 3 (wipe) · holds by itself at 14:31 UTC',
    ]);
  });

  test('is answered by one of it, by word or reaction', async () => {
    const { says } = await askingDevelopers();
    expect((await says('dan', '!answer op-1 yes'))[0]).toBe('op-1 yes, says dan');
    const other = await askingDevelopers();
    expect((await other.reacts('dan', '✅'))[0]).toBe('op-1 yes, says dan');
  });

  test('is answered by nobody else in any way, not by holding it either', async () => {
    const { says, reacts } = await askingDevelopers();
    expect(await says('rik', '!answer op-1 yes')).toEqual([NOT_FOR_RIK]);
    expect(await says('rik', '!hold op-1')).toEqual([NOT_FOR_RIK]);
    expect(await reacts('rik', '✅')).toEqual([NOT_FOR_RIK]);
  });

  test('is not answered by one who was of it before', async () => {
    const { people, says } = await askingDevelopers();
    people.leaves('dan', 'developers');
    expect((await says('dan', '!answer op-1 yes'))[0]).toMatch(/^dan: op-1: dan is in no group;/);
  });

  test('does not keep those who may run it from ending it', async () => {
    const { says } = await askingDevelopers();
    expect((await says('rik', '!cancel op-1'))[0]).toBe('op-1 is being cancelled by rik');
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryChatMemory } from '../../../src/adapters/simulated/memory-chat-memory.ts';
import { type EmbeddedStore, embeddedStore } from '../../../src/adapters/store/embedded-store.ts';
import { redisHistory } from '../../../src/adapters/store/history/redis-history.ts';
import { redisChatMemory } from '../../../src/adapters/store/redis-chat-memory.ts';

let embedded: EmbeddedStore;
let corner = 0;
beforeAll(async () => {
  embedded = await embeddedStore();
});
afterAll(() => embedded.close());

const inValkey = (network = 'matrix') =>
  redisChatMemory(embedded.connection('commands'), network, { prefix: `chat-${corner}:` });

describe.each([
  ['in memory', () => memoryChatMemory()],
  [
    'in Valkey',
    () => {
      corner += 1;
      return inValkey();
    },
  ],
])('what a network remembers %s', (_, make) => {
  it('is the newest that was set by a name, and nothing by others', async () => {
    const memory = make();
    await memory.set('since', 's1');
    await memory.set('since', 's2');
    expect(await memory.get('since')).toBe('s2');
    expect(await memory.get('filter')).toBeUndefined();
  });

  it('takes a message in once, also after it was dealt with', async () => {
    const memory = make();
    expect(await memory.takeIn('$1', 'a')).toBe(true);
    expect(await memory.takeIn('$1', 'a')).toBe(false);
    await memory.dealtWith('$1');
    expect(await memory.takeIn('$1', 'a')).toBe(false);
  });

  it('knows what was not dealt with yet, in order', async () => {
    const memory = make();
    for (const id of ['$1', '$2', '$3']) await memory.takeIn(id, `text of ${id}`);
    await memory.dealtWith('$2');
    await memory.dealtWith('$2');
    await memory.dealtWith('$9');
    expect(await memory.waiting()).toEqual([
      { id: '$1', text: 'text of $1' },
      { id: '$3', text: 'text of $3' },
    ]);
  });
});

describe('what a network remembers in Valkey', () => {
  it('is known to the bot that takes over, and to no other network', async () => {
    await inValkey().takeIn('$7', 'a');
    await inValkey().set('since', 's9');
    expect(await inValkey().waiting()).toContainEqual({ id: '$7', text: 'a' });
    expect(await inValkey('slack').waiting()).toEqual([]);
    expect(await inValkey('slack').get('since')).toBeUndefined();
  });

  it('counts for nothing once the store was accepted', async () => {
    corner += 1;
    expect(await inValkey().acceptedAt()).toBe(0);
    const history = redisHistory(embedded.connection('commands'), { prefix: `chat-${corner}:` });
    await history.accept([], { at: 7, by: 'ana' });
    expect(await inValkey().acceptedAt()).toBe(7);
  });
});

import { expect, test } from 'vitest';
import { storeAt } from '../../../src/adapters/store/store.ts';

test('a store tells what goes wrong on its connections, until it is closed', async () => {
  const told: string[] = [];
  const store = storeAt({
    name: 'Redis there',
    durable: true,
    address: { lazyConnect: true },
    log: (message) => told.push(message),
    stop: async () => {},
  });
  const connection = store.connection('commands');
  connection.emit('error', new Error('the line is cut'));
  await store.close();
  connection.emit('error', new Error("Stream isn't writeable"));
  expect(told).toEqual(['Redis there: the line is cut']);
});

import { expect, test } from 'vitest';
import { serverOrder } from '../../../../src/adapters/directory/ldap/server-order.ts';

test('a server that died is tried last for half a minute, or until it answers', () => {
  let now = 0;
  const order = serverOrder(['one', 'two', 'three'], () => now);
  expect(order.inTurn()).toEqual(['one', 'two', 'three']);
  order.died('one');
  expect(order.inTurn()).toEqual(['two', 'three', 'one']);
  order.died('two');
  expect(order.inTurn()).toEqual(['three', 'one', 'two']);
  order.answered('two');
  expect(order.inTurn()).toEqual(['two', 'three', 'one']);
  now = 30_000;
  expect(order.inTurn()).toEqual(['one', 'two', 'three']);
});

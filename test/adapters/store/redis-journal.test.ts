import { afterAll, beforeAll, describe } from 'vitest';
import { embeddedStore } from '../../../src/adapters/store/embedded-store.ts';
import type { Store } from '../../../src/adapters/store/store.ts';
import { journalConformance } from '../../journal-conformance.ts';
import { redisUnderTest } from '../../redis-under-test.ts';

let store: Store;
beforeAll(async () => {
  store = await embeddedStore();
});
afterAll(() => store.close());

describe('the journal in Valkey', () => {
  journalConformance(async () => redisUnderTest(store));
});

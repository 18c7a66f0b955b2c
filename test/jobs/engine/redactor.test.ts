import { expect, test } from 'vitest';
import { createRedactor } from '../../../src/jobs/engine/redactor.ts';

test('nothing is left of a secret of which another one is a part', () => {
  const redactor = createRedactor();
  redactor.learn('hunter');
  redactor.learn('hunter2-of-the-root');
  redactor.learn('first line\nfirst line and more');
  expect(redactor.redact('login with hunter2-of-the-root failed, hunter too')).toBe(
    'login with [secret] failed, [secret] too',
  );
  expect(redactor.redact('it says: first line and more')).toBe('it says: [secret]');
});

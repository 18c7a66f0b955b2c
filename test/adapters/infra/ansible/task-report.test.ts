import { describe, expect, it } from 'vitest';
import {
  parsePlayEvent,
  type ResultEvent,
} from '../../../../src/adapters/infra/ansible/play-event.ts';
import { runTexts } from '../../../../src/adapters/infra/ansible/run-texts.ts';
import { taskReport } from '../../../../src/adapters/infra/ansible/task-report.ts';

const PLAIN = {
  event: 'result',
  host: 'builder-07',
  task: 'write motd',
  outcome: 'changed',
  says: [],
  diff: '-old\n+sesame open',
  change: { files: ['/run/checkout/motd'], added: 1, removed: 1, left_out: '' },
};

function report(event: Record<string, unknown>, secret?: string) {
  const texts = runTexts('/run/checkout');
  if (secret !== undefined) texts.learn(secret);
  const parsed = parsePlayEvent(JSON.stringify({ ...PLAIN, ...event })) as ResultEvent;
  return taskReport(parsed, texts);
}

describe('the digest of a change', () => {
  it('is the same for the same diff, and another one for another', () => {
    const { change } = report({});
    expect(report({}).change).toEqual(change);
    expect(report({ diff: '-older\n+sesame open' }).change?.digest).not.toBe(change?.digest);
  });

  it('covers what was left out of the diff', () => {
    const digests = ['aa', 'bb'].map(
      (left_out) => report({ change: { ...PLAIN.change, left_out } }).change?.digest,
    );
    expect(new Set(digests).size).toBe(2);
  });

  it('covers what is cut from the diff that is kept', () => {
    const long = '+x\n'.repeat(10_000);
    const [one, other] = [report({ diff: `${long}+a` }), report({ diff: `${long}+b` })];
    expect(one.diff).toBe(other.diff);
    expect(one.change?.digest).not.toBe(other.change?.digest);
  });

  it('is over what may be shown, so that nobody can guess a secret by it', () => {
    const open = report({}, 'sesame open').change?.digest;
    expect(report({ diff: '-old\n+another one' }, 'another one').change?.digest).toBe(open);
  });

  it('is there of what changes only, and paths are as in the repository', () => {
    expect(report({}).change?.files).toEqual(['motd']);
    expect(report({ outcome: 'ok' })).not.toHaveProperty('change');
  });
});

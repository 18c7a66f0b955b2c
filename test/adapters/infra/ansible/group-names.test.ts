import { assert, property, string, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupNames } from '../../../../src/adapters/infra/ansible/group-names.ts';

const namesOf = (...values: string[]) => [...groupNames('pool', values).values()];

describe('names of groups for Ansible', () => {
  it('are the values where these fit, after their kind', () => {
    expect(namesOf('builders', 'x86_64')).toEqual(['pool_builders', 'pool_x86_64']);
  });

  it('have an underscore for every sign that does not fit', () => {
    expect(namesOf('eu-west 1')).toEqual(['pool_eu_west_1']);
  });

  it('keep apart what would come to be the same, and leave alone what fits by itself', () => {
    expect(namesOf('a_b', 'a-b', 'a.b')).toEqual([
      'pool_a_b_d44362d67d921091',
      'pool_a_b_2e7336dc8eba87ef',
      'pool_a_b',
    ]);
  });

  it('are valid and never the same, whatever the values', () => {
    assert(
      property(uniqueArray(string({ unit: 'binary' })), (values) => {
        const names = namesOf(...values);
        expect(new Set(names).size).toBe(values.length);
        for (const name of names) expect(name).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/);
      }),
    );
  });
});

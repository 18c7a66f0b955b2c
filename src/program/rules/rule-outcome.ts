import type { Expected } from '../../adapters/config/rule-tests.ts';
import type { Authorized } from '../../policies/authorize.ts';

/** Undefined where what the rules say is what was expected of them. */
export function unexpected(expected: Expected, actual: Authorized): string | undefined {
  if (isAsExpected(expected, actual)) return undefined;
  return `expected ${expectedInWords(expected)}, and it is ${actualInWords(actual)}`;
}

function isAsExpected(expected: Expected, actual: Authorized): boolean {
  switch (expected.kind) {
    case 'allow':
      return actual.kind === 'allow' && actual.demand === undefined;
    case 'approvals':
      return (
        actual.kind === 'allow' &&
        actual.demand?.count === expected.count &&
        areSame(actual.demand.groups, expected.from)
      );
    case 'refuse':
      return actual.kind === 'refuse' && (expected.because?.test(actual.because) ?? true);
    default:
      return expected satisfies never;
  }
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  return new Set(some).symmetricDifference(new Set(others)).size === 0;
}

function expectedInWords(expected: Expected): string {
  if (expected.kind === 'allow') return 'allow';
  if (expected.kind === 'approvals') return approvals(expected.count, expected.from);
  return expected.because ? `refuse because ${expected.because}` : 'refuse';
}

function actualInWords(actual: Authorized): string {
  if (actual.kind === 'refuse') return `refuse because ${actual.because}`;
  return actual.demand ? approvals(actual.demand.count, actual.demand.groups) : 'allow';
}

function approvals(count: number, groups: readonly string[]): string {
  return `approvals ${count} from ${groups.join(', ')}`;
}

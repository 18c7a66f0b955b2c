import { describe, expect, test } from 'vitest';
import { foldTold } from '../../../src/bot/narrator/fold-told.ts';
import type { ToldItem } from '../../../src/jobs/ports/operation-threads.ts';

function told(...lines: readonly string[]): readonly ToldItem[] {
  return lines.map(
    (line, at) => ({ op: 'op-1', zone: 'z', step: 's', cursor: `${at}`, line }) as ToldItem,
  );
}

const linesOf = (items: readonly ToldItem[]) => foldTold(items).map(({ line }) => line);

describe('what a step tells', () => {
  test('alike of several hosts is one line, where the first stood', () => {
    const items = told(
      'builder-01: mount failed',
      'builder-07: ok',
      'builder-02: mount failed',
      'builder-03: mount failed',
    );
    expect(linesOf(items)).toEqual(['builder-[01-03]: mount failed', 'builder-07: ok']);
  });

  test('of no host is never folded, however often it is said', () => {
    const lines = ['fetch: ok', 'unpack: ok', 'done', 'done'];
    expect(linesOf(told(...lines))).toEqual(lines);
  });

  test('twice of one host stays twice', () => {
    expect(linesOf(told('web1: ok', 'web1: ok'))).toEqual(['web1: ok', 'web1: ok']);
  });

  test('with other details is not alike', () => {
    const [one, two] = told('builder-01: failed', 'builder-02: failed');
    const items = [{ ...one, more: ['disk full'] }, two] as readonly ToldItem[];
    expect(linesOf(items)).toEqual(['builder-01: failed', 'builder-02: failed']);
  });
});

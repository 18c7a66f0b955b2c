import * as z from 'zod';
import { GroupName, UserId } from '../../domain/ids.ts';
import { type Whence, whenceOf } from '../../policies/place.ts';
import { parsePart } from './read-part.ts';
import { readWhole } from './read-whole.ts';
import { WhenceText } from './settings-schema.ts';

/** What a command is expected to come to. */
export type Expected =
  | { readonly kind: 'allow' }
  | { readonly kind: 'approvals'; readonly count: number; readonly from: readonly string[] }
  | { readonly kind: 'refuse'; readonly because?: RegExp };

/** One row of the table. */
export interface RuleTest {
  /** `rule-tests.yaml:4` */
  readonly place: string;
  readonly who: UserId | readonly GroupName[];
  readonly command: string;
  /** Absent: in the first channel of the site. */
  readonly from?: Whence;
  readonly expect: Expected;
}

const EXPECTED = 'expected allow, approvals N from GROUP, refuse, or refuse because /…/';

const Row = z
  .strictObject({
    who: UserId.optional(),
    groups: z.array(GroupName).optional(),
    command: z.string().min(1, 'expected a command such as reimage builder-07'),
    from: WhenceText.optional(),
    expect: z.string().refine((text) => expectedOf(text) !== undefined, EXPECTED),
  })
  .refine(({ who, groups }) => (who === undefined) !== (groups === undefined), {
    error: 'expected either who or groups',
  });

const Table = z.array(Row, 'expected a list of rows').min(1, 'expected at least one row');

/** A table of what rules are to come to. Throws a ConfigError with every problem of it. */
export async function readRuleTests(path: string): Promise<readonly RuleTest[]> {
  const whole = await readWhole(path, path);
  const { file } = whole;
  const rows = parsePart(whole, Table);
  return rows.map(({ who, groups = [], command, from, expect }, index) => {
    const { line } = file.position([index], 'value');
    const place = `${file.name}:${line}`;
    const whence = from === undefined ? undefined : whenceOf(from);
    const expected = expectedOf(expect) ?? { kind: 'allow' };
    return {
      place,
      who: who ?? groups,
      command,
      expect: expected,
      ...(whence && { from: whence }),
    };
  });
}

/** `allow`, `approvals 2 from a, b`, `refuse`, `refuse because /…/`; undefined for anything else. */
function expectedOf(text: string): Expected | undefined {
  if (text === 'allow' || text === 'refuse') return { kind: text };
  const [, count, from] = /^approvals (\d+) from (\S+(?:, ?\S+)*)$/.exec(text) ?? [];
  if (from !== undefined) {
    return { kind: 'approvals', count: Number(count), from: from.split(/, ?/) };
  }
  const [, pattern] = /^refuse because \/(.+)\/$/.exec(text) ?? [];
  const because = pattern === undefined ? undefined : regExp(pattern);
  return because && { kind: 'refuse', because };
}

function regExp(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern);
  } catch {
    return undefined;
  }
}

import type { OpId } from '../../domain/ids.ts';
import type { Demand } from '../../jobs/model/plan.ts';
import type { Prompt } from '../../jobs/model/prompt.ts';
import { clockTime, counted } from './in-words.ts';

/** `needs 1 approval from sysadmin-builders: !approve op-7k2m c4f1 or 👍` */
export function howToApprove(
  { count, groups }: Demand,
  op: OpId,
  code: string,
  prefix: string,
): string {
  const from = groups.length > 0 ? ` from ${groups.join(' or ')}` : '';
  return `needs ${counted(count, 'approval')}${from}: ${prefix}approve ${op} ${code} or 👍`;
}

/** `🔁 !retry op-7k2m  ⏸️ !hold op-7k2m`, and for whom it is where not everybody may. */
export function howToAnswer({ options, answerableBy }: Prompt, op: OpId, prefix: string): string {
  const offered = options.map(({ word, emoji, does }) =>
    word === does ? `${emoji} ${prefix}${word} ${op}` : `${emoji} ${prefix}answer ${op} ${word}`,
  );
  const { groups } = answerableBy;
  const whose = groups.length > 0 ? ` · for ${groups.join(' or ')}` : '';
  return `${offered.join('  ')}${whose}`;
}

/** `holds by itself at 15:40 UTC` */
export function ifUnanswered({ ifUnanswered: does, deadlineAt }: Prompt, now: number): string {
  const verb = does === 'hold' ? 'holds' : 'rolls back';
  return `${verb} by itself at ${clockTime(deadlineAt, now)}`;
}

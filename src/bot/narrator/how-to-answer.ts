import type { OpId } from '../../domain/ids.ts';
import type { Demand } from '../../jobs/model/plan.ts';
import type { Prompt } from '../../jobs/model/prompt.ts';
import { clockTime, counted } from './in-words.ts';
import type { Question } from './situation.ts';

/** `needs 1 approval from sysadmin-builders: !approve op-7k2m c4f1 or 👍` */
export function howToApprove(
  { count, groups }: Demand,
  op: OpId,
  code: string,
  prefix: string,
): Question {
  const from = groups.length > 0 ? ` from ${groups.join(' or ')}` : '';
  return {
    needs: `needs ${counted(count, 'approval')}${from}`,
    options: [{ typed: `${prefix}approve ${op} ${code}`, emoji: '👍' }],
    whose: [],
    see: [],
  };
}

/** `🔁 !retry op-7k2m  ⏸️ !hold op-7k2m · holds by itself at 15:40 UTC`, and for whom it is where not everybody may. */
export function howToAnswer(prompt: Prompt, op: OpId, prefix: string, now: number): Question {
  const options = prompt.options.map(({ word, emoji, does }) => ({
    emoji,
    typed: word === does ? `${prefix}${word} ${op}` : `${prefix}answer ${op} ${word}`,
  }));
  const { groups } = prompt.answerableBy;
  return { options, whose: groups, see: [], otherwise: ifUnanswered(prompt, now) };
}

/** `holds by itself at 15:40 UTC` */
function ifUnanswered({ ifUnanswered: does, deadlineAt }: Prompt, now: number): string {
  const verb = does === 'hold' ? 'holds' : 'rolls back';
  return `${verb} by itself at ${clockTime(deadlineAt, now)}`;
}

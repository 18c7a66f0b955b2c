import { answer, type Choice } from './answer.ts';
import { approve, deny, withdraw } from './approve.ts';
import type { Bot } from './bot.ts';
import type { Answered, Asker } from './command.ts';
import { recordUse } from './glass/record-use.ts';
import type { Asked } from './narrator/subject-key.ts';

const YES = '👍';
const NO = '👎';

/** A reaction to a message that asks something is an answer to just that. */
export async function react(
  asked: Asked,
  reaction: { readonly emoji: string; readonly change: 'added' | 'removed' },
  asker: Asker,
  bot: Bot,
): Promise<Answered> {
  const emoji = plainEmoji(reaction.emoji);
  await recordUse(`${emoji} ${asked.op}`, asker, bot);
  if (reaction.change === 'removed') {
    const approval = asked.kind === 'approval' && emoji === YES;
    return approval ? withdraw(asked.op, asked.subject, asker, bot) : [];
  }
  if (asked.kind === 'prompt') {
    const choose: Choice = (prompt) =>
      prompt.id === asked.prompt
        ? prompt.options.find((option) => plainEmoji(option.emoji) === emoji)
        : 'superseded';
    return answer(asked.op, choose, reaction.emoji, asker, bot);
  }
  if (emoji === YES) return approve(asked.op, asked, asker, bot);
  if (emoji === NO) return deny(asked.op, asked, asker, bot);
  return [];
}

/** Whether it would answer a question for approval. */
export function isAnswer(emoji: string): boolean {
  return [YES, NO].includes(plainEmoji(emoji));
}

/** Variation selectors and skin tones say nothing here. */
function plainEmoji(emoji: string): string {
  return emoji.replace(/[\u{FE0E}\u{FE0F}\u{1F3FB}-\u{1F3FF}]/gu, '');
}

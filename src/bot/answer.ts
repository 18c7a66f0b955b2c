import type { OpId } from '../domain/ids.ts';
import { nearestWord } from '../domain/nearest-word.ts';
import type { Prompt, PromptOption } from '../jobs/model/prompt.ts';
import type { OperationState } from '../jobs/model/state.ts';
import { listOr } from '../policies/membership.ts';
import type { Bot } from './bot.ts';
import type { Answered, Asker } from './command.ts';
import { refusal } from './refusal.ts';
import { doing, mayAnswerTo, steer } from './steer.ts';

/** Picks what somebody means among what is offered; `superseded` when they mean another prompt than this. */
export type Choice = (prompt: Prompt) => PromptOption | 'superseded' | undefined;

/** Answers the prompt that an operation waits on, or was held at. */
export function answer(
  op: OpId,
  choose: Choice,
  typed: string,
  asker: Asker,
  bot: Bot,
): Promise<Answered> {
  return steer(op, asker, bot, (operation, person) => {
    const { state } = operation;
    const prompt = openPrompt(state);
    if (prompt === undefined) return noAnswer(`${op} asks nothing: it ${doing(state)}`, asker);
    const permission = mayAnswerTo(prompt, operation, person, asker, bot);
    if (permission.kind === 'refuse') {
      return { refused: [refusal(asker, permission)] };
    }
    const option = choose(prompt);
    if (option === 'superseded') {
      return noAnswer(`${op} asks something else by now: ${prompt.question}`, asker);
    }
    if (option === undefined) return noAnswer(notOffered(op, typed, prompt), asker);
    return { events: [{ kind: 'answered', prompt: prompt.id, word: option.word }] };
  });
}

/** Pressed twice, under an old message, or a sign that is not offered: on record like any other refusal. */
function noAnswer(because: string, { note }: Asker): { readonly refused: readonly string[] } {
  note?.(because);
  return { refused: [because] };
}

function openPrompt({ phase }: OperationState): Prompt | undefined {
  return phase.kind === 'asking' || phase.kind === 'held' ? phase.prompt : undefined;
}

function notOffered(op: OpId, typed: string, { options }: Prompt): string {
  const words = options.map(({ word }) => word);
  const near = nearestWord(typed, words);
  const meant = near ? `, did you mean ${near}?` : '.';
  return `${typed} is not among the answers to ${op}${meant} It takes ${listOr(words)}.`;
}

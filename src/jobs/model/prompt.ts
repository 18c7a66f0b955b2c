import * as z from 'zod';
import { Demand } from './plan.ts';

const ANSWER_EFFECTS = ['retry', 'skip', 'rollback', 'hold', 'step'] as const;

/** A question an operation waits on. It never changes; what supersedes it is a new prompt with a new id. */
export const Prompt = z.strictObject({
  id: z.string(),
  question: z.string(),
  /** Whoever is in one of the groups; with no groups, whoever may run the operation's runbook or approve it. */
  answerableBy: Demand,
  /** Milliseconds since 1970. When it passes, the engine answers what `ifUnanswered` says. */
  deadlineAt: z.number(),
  ifUnanswered: z.enum(['hold', 'rollback']),
  options: z
    .array(
      z.strictObject({
        word: z.string(),
        emoji: z.string(),
        /** `step` hands the word to the step that asked; the others are done by the engine. */
        does: z.enum(ANSWER_EFFECTS),
      }),
    )
    .readonly(),
});
export type Prompt = Readonly<z.infer<typeof Prompt>>;
export type PromptOption = Prompt['options'][number];

/** What a step hands over when it asks; the engine adds the id, who may answer, `hold`, and the deadline. */
export interface StepQuestion {
  readonly question: string;
  readonly options: readonly {
    readonly word: string;
    readonly emoji: string;
    /** `step` when absent: the word comes back as the step's answer. */
    readonly does?: 'step' | 'rollback';
  }[];
  /** The runbook's limit when absent. Unanswered, it holds. */
  readonly afterMs?: number;
  /** Groups of which somebody has to answer; whoever may run or approve the operation when absent. */
  readonly answerableBy?: readonly string[];
}

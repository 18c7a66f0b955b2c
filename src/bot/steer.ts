import type { OpId } from '../domain/ids.ts';
import type { Person } from '../domain/inventory.ts';
import { askOf } from '../jobs/engine/ask-of.ts';
import type { JournalEvent } from '../jobs/model/event.ts';
import type { Prompt } from '../jobs/model/prompt.ts';
import type { OperationState } from '../jobs/model/state.ts';
import { type AnswerFacts, mayAnswer, maySteer } from '../policies/answering.ts';
import type { Permission } from '../policies/decision.ts';
import type { Bot } from './bot.ts';
import type { Answered, Asker, Reply } from './command.ts';
import { freshPerson } from './fresh-person.ts';
import { underGlass } from './glass/under-glass.ts';
import type { Operation } from './operations.ts';

/** What a person wants of an operation: lines of refusal, or the events that say so. */
export type Wanted = { readonly refused: Reply } | { readonly events: readonly JournalEvent[] };

const MOST_TRIES = 10;

/**
 * Finds the operation, decides on its state as it is, and appends what was decided on just that state. When the state
 * has moved meanwhile, it decides again. The message counts once, however often it is delivered.
 */
export async function steer(
  op: OpId,
  asker: Asker,
  bot: Bot,
  decide: (operation: Operation, person: Person) => Promise<Wanted> | Wanted,
): Promise<Answered> {
  const person = await freshPerson(asker, bot);
  if ('refused' in person) return person;
  for (let turn = 0; turn < MOST_TRIES; turn += 1) {
    const operation = await bot.operations.get(op);
    if (operation === undefined) {
      return { refused: [`there is no ${op}; ${bot.prefix}ops lists what is open`] };
    }
    if (await countedBefore(operation, asker, bot)) return [];
    const wanted = await decide(operation, person.known);
    if ('refused' in wanted) return wanted;
    if (await append(operation, wanted.events, { asker, person: person.known, bot })) return [];
  }
  return { refused: [`${op} changes faster than it can be answered; try again`] };
}

/** A network brings a message again where a bot died over it: what it did is done, and no reason to refuse it. */
async function countedBefore(
  { ref }: Operation,
  { message: { network, message } }: Asker,
  { journal }: Bot,
): Promise<boolean> {
  const entries = await journal.read(ref);
  return entries.some(({ source }) => source?.network === network && source.message === message);
}

async function append(
  { ref, state }: Operation,
  events: readonly JournalEvent[],
  { asker, person, bot }: { asker: Asker; person: Person; bot: Bot },
): Promise<boolean> {
  const { message: source } = asker;
  const marked = events.map((event) => underGlass(event, person));
  const what = { events: marked, by: person.id, source, seq: state.seq, dueInMs: 0 } as const;
  const appended = await bot.journal.append(ref, what);
  if (appended.kind === 'seen-before') return true;
  if (appended.kind !== 'ok') return false;
  void bot.doorbell.ring({ ...ref, seq: state.seq + events.length, epoch: 0 });
  return true;
}

/** Whether somebody may hold or cancel an operation. */
export function mayTouch({ state }: Operation, person: Person, from: Asker, bot: Bot): Permission {
  return maySteer(answerFacts(state, person, from, bot), bot.policy());
}

/** Whether somebody may answer a prompt of an operation. */
export function mayAnswerTo(
  { answerableBy }: Prompt,
  { state }: Operation,
  person: Person,
  from: Asker,
  bot: Bot,
): Permission {
  return mayAnswer(answerFacts(state, person, from, bot), answerableBy.groups, bot.policy());
}

function answerFacts(state: OperationState, person: Person, from: Asker, bot: Bot): AnswerFacts {
  const approvers = state.request.demand?.groups ?? [];
  return { person, op: state.op, ask: { ...askOf(state, bot.inventory()), from }, approvers };
}

/** For refusals: what an operation is doing, as `it …`. */
export function doing({ phase }: OperationState): string {
  switch (phase.kind) {
    case 'approval':
      return 'waits for approval';
    case 'claims':
      return 'waits to start';
    case 'running':
      return phase.way === 'undo' ? 'is being rolled back' : 'is running';
    case 'finished':
      return 'is about to end';
    case 'asking':
      return 'waits for an answer';
    case 'held':
      return 'is held';
    case 'ended':
      return `has ended (${phase.outcome})`;
    default:
      return phase satisfies never;
  }
}

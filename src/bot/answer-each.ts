import { askBeforePlan } from '../jobs/engine/ask-of.ts';
import { inputFields } from '../jobs/model/input-fields.ts';
import type { Runbook } from '../jobs/model/runbook.ts';
import { type Ask, authorize } from '../policies/authorize.ts';
import type { Refusal } from '../policies/decision.ts';
import type { Bot } from './bot.ts';
import { type Answered, type Asked, linesIn } from './command.ts';
import { foldHosts } from './grammar/fold-hosts.ts';
import { addressedTo } from './refusal.ts';

export interface Each {
  readonly runbook: Runbook;
  readonly inputs: readonly unknown[];
  readonly asked: Pick<Asked, 'asker' | 'later'>;
  readonly bot: Bot;
  readonly person: Ask['person'];
}

export interface Answers {
  /** For those who may not make it look. */
  refused(ask: Ask, refusal: Refusal): Answered;
  answer(input: unknown, place: number, signal: AbortSignal): Promise<Answered>;
}

/** An answer for each input: at once, or of a runbook that looks at hosts, when it has looked. */
export async function answerEach(each: Each, answers: Answers): Promise<Answered> {
  const { inputs, runbook } = each;
  if (runbook.looks !== undefined) return lookFirst(each, answers);
  const { signal } = new AbortController();
  const answered: Answered[] = [];
  for (const [place, input] of inputs.entries()) {
    answered.push(await answers.answer(input, place, signal));
  }
  return together(answered);
}

function lookFirst({ runbook, inputs, asked, bot, person }: Each, answers: Answers): Answered {
  const answered: Answered[] = [];
  const allowed: (readonly [number, unknown])[] = [];
  for (const [place, input] of inputs.entries()) {
    const ask = { ...askBeforePlan(runbook, input, bot.inventory()), person, from: asked.asker };
    const authorized = authorize(ask, bot.policy());
    if (authorized.kind === 'refuse') answered.push(answers.refused(ask, authorized));
    else allowed.push([place, input]);
  }
  const room = bot.looks.room();
  if (allowed.length > room) {
    return together([...answered, { refused: [addressedTo(asked.asker, noRoom(allowed, room))] }]);
  }
  for (const [place, input] of allowed) {
    asked.later((signal) => answers.answer(input, place, signal));
  }
  if (allowed.length === 0) return together(answered);
  return together([...answered, [addressedTo(asked.asker, `looking at ${hostsOf(allowed)}…`)]]);
}

/** What is refused in part is refused. */
function together(answered: readonly Answered[]): Answered {
  const lines = answered.flatMap(linesIn);
  return answered.some((one) => 'refused' in one) ? { refused: lines } : lines;
}

function noRoom(allowed: readonly unknown[], room: number): string {
  return `those are ${allowed.length} hosts to look at, and only ${room} more can be looked at now. Name fewer, or try again in some minutes.`;
}

function hostsOf(allowed: readonly (readonly [number, unknown])[]): string {
  const services = allowed.flatMap(([, input]) => inputFields(input).service ?? []);
  if (services.length > 0) return services.join(', ');
  const hosts = allowed.flatMap(([, input]) => inputFields(input).host ?? []);
  return hosts.length > 0 ? foldHosts(hosts) : 'what it is about';
}

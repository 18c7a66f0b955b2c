import { askBeforePlan } from '../jobs/engine/ask-of.ts';
import { inputFields } from '../jobs/model/input-fields.ts';
import type { Runbook } from '../jobs/model/runbook.ts';
import { type Ask, authorize } from '../policies/authorize.ts';
import type { Refusal } from '../policies/decision.ts';
import type { Bot } from './bot.ts';
import type { Asked, Reply } from './command.ts';
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
  refused(ask: Ask, refusal: Refusal): Reply;
  answer(input: unknown, place: number, signal: AbortSignal): Promise<Reply>;
}

/** An answer for each input: at once, or of a runbook that looks at hosts, when it has looked. */
export async function answerEach(each: Each, answers: Answers): Promise<Reply> {
  const { inputs, runbook } = each;
  if (runbook.looks !== undefined) return lookFirst(each, answers);
  const { signal } = new AbortController();
  const lines: string[] = [];
  for (const [place, input] of inputs.entries()) {
    lines.push(...(await answers.answer(input, place, signal)));
  }
  return lines;
}

function lookFirst({ runbook, inputs, asked, bot, person }: Each, answers: Answers): Reply {
  const lines: string[] = [];
  const allowed: (readonly [number, unknown])[] = [];
  for (const [place, input] of inputs.entries()) {
    const ask = { ...askBeforePlan(runbook, input, bot.inventory()), person, from: asked.asker };
    const authorized = authorize(ask, bot.policy());
    if (authorized.kind === 'refuse') lines.push(...answers.refused(ask, authorized));
    else allowed.push([place, input]);
  }
  const room = bot.looks.room();
  if (allowed.length > room) return [...lines, addressedTo(asked.asker, noRoom(allowed, room))];
  for (const [place, input] of allowed) {
    asked.later((signal) => answers.answer(input, place, signal));
  }
  if (allowed.length === 0) return lines;
  return [...lines, addressedTo(asked.asker, `looking at ${hostsOf(allowed)}…`)];
}

function noRoom(allowed: readonly unknown[], room: number): string {
  return `those are ${allowed.length} hosts to look at, and only ${room} more can be looked at now. Name fewer, or try again in some minutes.`;
}

function hostsOf(allowed: readonly (readonly [number, unknown])[]): string {
  const hosts = allowed.flatMap(([, input]) => inputFields(input).host ?? []);
  return hosts.length > 0 ? foldHosts(hosts) : 'what it is about';
}

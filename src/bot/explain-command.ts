import { askOfPlan, type Deed } from '../jobs/engine/ask-of.ts';
import { decideExplained } from '../jobs/engine/decide-explained.ts';
import type { Runbook } from '../jobs/model/runbook.ts';
import { type Ask, authorize } from '../policies/authorize.ts';
import { explainRules } from '../policies/explain.ts';
import type { Bot } from './bot.ts';
import type { Reply } from './command.ts';
import { aboutIn, factsFor, type Looking, planFor } from './request.ts';
import { whoCouldApprove } from './who-could-approve.ts';

/** Who asks, and where. */
export type Asking = Pick<Ask, 'person' | 'from'>;

/** What `!why` says, and whether it would be taken if it were asked now. */
export interface Explained {
  readonly lines: Reply;
  readonly verdict: 'taken' | 'refused';
}

type Knowing = Looking & Pick<Bot, 'policy' | 'directory'>;

/** Each rule in the order they are looked at, what follows from them, and what stands in the way now. */
export async function explainPlan(
  runbook: Runbook,
  input: unknown,
  asking: Asking,
  bot: Knowing,
  signal: AbortSignal,
): Promise<Explained> {
  const plan = await planFor(runbook, input, bot, signal);
  const rules = await explainDeed(askOfPlan(plan, bot.inventory()), asking, bot);
  const facts = await factsFor(plan, asking.person?.groups ?? [], bot);
  const decided = await decideExplained(plan.claims, facts, aboutIn(plan, bot));
  const inTheWay = inTheWayOf(decided);
  if (inTheWay.length === 0)
    return { ...rules, lines: [...rules.lines, 'nothing it needs is taken'] };
  const lines = inTheWay.map((reason) => `in its way: ${reason}`);
  return { lines: [...rules.lines, ...lines], verdict: 'refused' };
}

/** The same for what makes no plan, as far as the rules decide about it. */
export async function explainDeed(
  deed: Deed,
  { person, from }: Asking,
  bot: Pick<Bot, 'policy' | 'directory'>,
): Promise<Explained> {
  const ask = { ...deed, person, from };
  const lines = explainRules(ask, bot.policy());
  const authorized = authorize(ask, bot.policy());
  if (authorized.kind === 'refuse') return { lines, verdict: 'refused' };
  const { demand } = authorized;
  // Names of people are for people.
  if (demand === undefined || person === undefined) return { lines, verdict: 'taken' };
  const awaited = { demand, target: deed.target, requester: person.id };
  return { lines: [...lines, ...(await whoCouldApprove(awaited, bot))], verdict: 'taken' };
}

function inTheWayOf(decided: Awaited<ReturnType<typeof decideExplained>>): readonly string[] {
  switch (decided.kind) {
    case 'grant':
      return [];
    case 'blocked':
    case 'frozen':
      return decided.reasons;
    case 'unknown':
      return [decided.because];
    default:
      return decided satisfies never;
  }
}

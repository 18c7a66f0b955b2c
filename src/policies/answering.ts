import type { Person } from '../domain/inventory.ts';
import { type Ask, authorize, isGranted, weakness } from './authorize.ts';
import { ALLOWED, type Permission, refuse } from './decision.ts';
import { askerInWords, askSomebodyOf, isMember, listOr } from './membership.ts';
import type { Policy } from './policy.ts';

export interface AnswerFacts {
  readonly person: Person;
  readonly op: string;
  /** The runbook's command on the operation's target, at the plan's risk, from where the person speaks. */
  readonly ask: Omit<Ask, 'person'>;
  /** Groups that approve it. */
  readonly approvers: readonly string[];
}

/** Whoever may run it or approve it may hold it and cancel it, and answers what it asks of nobody else. */
export function maySteer({ person, op, ask, approvers }: AnswerFacts, policy: Policy): Permission {
  const weak = weakness(ask, policy.strength);
  if (weak !== undefined) return refuse(`${op}: ${weak.because}`, weak.next);
  if (isMember(person, approvers)) return ALLOWED;
  const authorized = authorize({ ...ask, person }, policy);
  if (authorized.kind === 'allow') return ALLOWED;
  return refuse(`${op}: ${authorized.because}`, authorized.next);
}

/** A question that names groups is for them alone, whoever may run or approve what asks it. */
export function mayAnswer(
  facts: AnswerFacts,
  groups: readonly string[],
  policy: Policy,
): Permission {
  const { person, op, ask } = facts;
  if (groups.length === 0) return maySteer(facts, policy);
  const weak = weakness(ask, policy.strength);
  if (weak !== undefined) return refuse(`${op}: ${weak.because}`, weak.next);
  if (isMember(person, groups)) return ALLOWED;
  const because = `${op}: ${askerInWords(person)}; what it asks is for ${listOr(groups)}`;
  return refuse(because, askSomebodyOf(groups));
}

/** Whether somebody may run a command on anything at all, which is what help shows. */
export function mightRun(ask: Omit<Ask, 'target'>, { rules }: Pick<Policy, 'rules'>): boolean {
  const anywhere = rules.map((rule) => ({ ...rule, on: {} }));
  return isGranted({ ...ask, target: undefined }, anywhere);
}

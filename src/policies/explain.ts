import { type Ask, authorize, demandOf, doesNotCover } from './authorize.ts';
import { isMember, listOr } from './membership.ts';
import type { Policy } from './policy.ts';
import type { Rule } from './rule.ts';

/** For `!why`: a line for each rule that passes or refuses, and what follows from them. */
export function explainRules(ask: Ask, policy: Policy): readonly string[] {
  const lines = policy.rules.map((rule) => `${rule.place}: ${explainRule(rule, ask)}`);
  const authorized = authorize(ask, policy);
  if (authorized.kind === 'refuse') {
    return [...lines, `refused: ${authorized.because}. ${authorized.next}`];
  }
  const { rule, demand } = authorized;
  const needs = demand
    ? `needs ${demand.count} approval${demand.count === 1 ? '' : 's'} from ${listOr(demand.groups)}`
    : 'needs no approval';
  return [...lines, `allowed by ${rule}: ${needs}`];
}

function explainRule(rule: Rule, ask: Ask): string {
  const outside = doesNotCover(rule, ask);
  if (outside !== undefined) return outside;
  if (!isMember(ask.person, rule.to)) return `is for ${listOr(rule.to)}`;
  const demand = demandOf(rule, ask);
  return demand
    ? `grants it with ${demand.count} of ${listOr(demand.groups)}`
    : 'grants it without approval';
}

import type { Risk } from '../domain/risk.ts';
import { type Refusal, refuse } from './decision.ts';
import {
  type Asker,
  allGroups,
  askerInWords,
  askSomebodyOf,
  isMember,
  listOr,
} from './membership.ts';
import { isFrom, type Place, whenceInWords } from './place.ts';
import type { Policy } from './policy.ts';
import type { ApprovalDemand, Rule } from './rule.ts';
import { tooWeak } from './strength.ts';
import { commandInWords, outsideScope, type Target } from './target.ts';

export interface Ask {
  readonly person: Asker;
  readonly command: string;
  /** Of the plan; of the command where there is none. */
  readonly risk: Risk;
  /** Undefined for a command that acts on nothing, such as `ops`. */
  readonly target: Target | undefined;
  /** Undefined where nobody knows. */
  readonly from: Place | undefined;
}

export type Authorized =
  | {
      readonly kind: 'allow';
      /** Where the rule stands that grants it, or `built in`. */
      readonly rule: string;
      /** Absent when it may start at once. */
      readonly demand?: ApprovalDemand;
    }
  | Refusal;

/** Needs no rule at all. */
const OPEN_COMMANDS = ['help', 'whoami', 'status'] as const;

/** Needs no rule from a person whom the directory knows. */
const READING_COMMANDS = ['ops', 'show', 'log', 'locks', 'plan', 'why', 'catchup'] as const;

const BUILT_IN = 'built in';

/**
 * Rules are grants: one more rule never takes away what another gave. So of all rules that cover the command, the
 * target, the place and the person, the one that demands the fewest approvals holds; of equals, the one that stands
 * first. No rule lets a network ask for more than it can prove.
 */
export function authorize(ask: Ask, { rules, strength }: Policy): Authorized {
  if (isBuiltIn(ask)) return { kind: 'allow', rule: BUILT_IN };
  const covering = rules.filter((rule) => doesNotCover(rule, ask) === undefined);
  const granting = covering.filter((rule) => isMember(ask.person, rule.to));
  const [best] = granting.toSorted((a, b) => demandedCount(a, ask) - demandedCount(b, ask));
  if (best === undefined) return refusal(ask, covering, rules);
  return weakness(ask, strength) ?? allow(best, ask);
}

/** Whether the rules let somebody, at whatever price. */
export function isGranted(ask: Ask, rules: readonly Rule[]): boolean {
  return (
    isBuiltIn(ask) ||
    rules.some((rule) => doesNotCover(rule, ask) === undefined && isMember(ask.person, rule.to))
  );
}

/** Why a rule says nothing about a command on a target, whoever asks; undefined when it covers it. */
export function doesNotCover(rule: Rule, ask: Ask): string | undefined {
  return isAboutOther(rule, ask) ?? isAskedElsewhere(rule, ask);
}

/** Where what is asked may not be asked, whatever the rules say. */
export function weakness(
  { risk, target, from }: Pick<Ask, 'risk' | 'target' | 'from'>,
  strength: Policy['strength'],
): Refusal | undefined {
  return tooWeak({ deed: 'ask', network: from?.network, risk, target }, strength);
}

function isAboutOther(rule: Rule, { command, target }: Ask): string | undefined {
  if (rule.allow.includes('*') || rule.allow.includes(command)) {
    return outsideScope(rule.on, target);
  }
  return `is about ${rule.allow.join(', ')}`;
}

function isAskedElsewhere({ from: places }: Rule, { from }: Ask): string | undefined {
  if (places === undefined || places.some((place) => isFrom(place, from))) return undefined;
  return `is only for what is asked from ${places.map(whenceInWords).join(', ')}`;
}

/** Undefined when none is needed. A demand of no approvals is none. */
export function demandOf(rule: Rule, { risk }: Pick<Ask, 'risk'>): ApprovalDemand | undefined {
  const demand = rule.approvals[risk];
  return demand === undefined || demand.count === 0 ? undefined : demand;
}

/** Granted without looking at any rule. */
function isBuiltIn({ person, command }: Pick<Ask, 'person' | 'command'>): boolean {
  const open = OPEN_COMMANDS.some((name) => name === command);
  return open || (person !== undefined && isReading(command));
}

function isReading(command: string): boolean {
  return READING_COMMANDS.some((name) => name === command);
}

function demandedCount(rule: Rule, ask: Ask): number {
  return demandOf(rule, ask)?.count ?? 0;
}

function allow(rule: Rule, ask: Ask): Authorized {
  const demand = demandOf(rule, ask);
  return { kind: 'allow', rule: rule.place, ...(demand && { demand }) };
}

function refusal(ask: Ask, covering: readonly Rule[], rules: readonly Rule[]): Refusal {
  const who = askerInWords(ask.person);
  const what = commandInWords(ask.command, ask.target);
  if (ask.person === undefined && isReading(ask.command)) {
    return refuse(`${who}; ${what} is for people it knows`, 'Ask for an entry in the directory.');
  }
  const elsewhere = grantedElsewhere(ask, rules);
  if (elsewhere.length > 0) {
    const places = listOr(elsewhere.flatMap(({ from = [] }) => from).map(whenceInWords));
    const where = elsewhere.map(({ place }) => place).join(', ');
    return refuse(`${who}; ${what} is granted only from ${places} (${where})`, `Ask on ${places}.`);
  }
  if (covering.length === 0) {
    return refuse(`${who}; no rule grants ${what}`, 'Ask whoever keeps the rules to add one.');
  }
  const granted = covering.map(({ to, place }) => `${to.join(', ')} (${place})`).join(', ');
  const groups = allGroups(covering.map(({ to }) => to));
  return refuse(`${who}; ${what} is granted to ${granted}`, askSomebodyOf(groups));
}

/** Rules that would grant it if it were asked where they say. */
function grantedElsewhere(ask: Ask, rules: readonly Rule[]): readonly Rule[] {
  return rules.filter(
    (rule) => isAboutOther(rule, ask) === undefined && isMember(ask.person, rule.to),
  );
}

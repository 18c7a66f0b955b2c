import type { Risk } from '../domain/risk.ts';
import { type Refusal, refuse } from './decision.ts';
import { type Asker, allGroups, askerInWords, askSomebodyOf, isMember } from './membership.ts';
import type { ApprovalDemand, Rule } from './rule.ts';
import { commandInWords, outsideScope, type Target } from './target.ts';

export interface Ask {
  readonly person: Asker;
  readonly command: string;
  /** Of the plan; of the command where there is none. */
  readonly risk: Risk;
  /** Undefined for a command that acts on nothing, such as `ops`. */
  readonly target: Target | undefined;
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
 * target and the person, the one that demands the fewest approvals holds; of equals, the one that stands first.
 */
export function authorize(ask: Ask, rules: readonly Rule[]): Authorized {
  if (isBuiltIn(ask)) return { kind: 'allow', rule: BUILT_IN };
  const covering = rules.filter((rule) => doesNotCover(rule, ask) === undefined);
  const granting = covering.filter((rule) => isMember(ask.person, rule.to));
  const [best] = granting.toSorted((a, b) => demandedCount(a, ask) - demandedCount(b, ask));
  return best === undefined ? refusal(ask, covering) : allow(best, ask);
}

/** Why a rule says nothing about a command on a target, whoever asks; undefined when it covers it. */
export function doesNotCover(rule: Rule, { command, target }: Ask): string | undefined {
  if (rule.allow.includes('*') || rule.allow.includes(command)) {
    return outsideScope(rule.on, target);
  }
  return `is about ${rule.allow.join(', ')}`;
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

function refusal(ask: Ask, covering: readonly Rule[]): Refusal {
  const who = askerInWords(ask.person);
  const what = commandInWords(ask.command, ask.target);
  if (ask.person === undefined && isReading(ask.command)) {
    return refuse(`${who}; ${what} is for people it knows`, 'Ask for an entry in the directory.');
  }
  if (covering.length === 0) {
    return refuse(`${who}; no rule grants ${what}`, 'Ask whoever keeps the rules to add one.');
  }
  const granted = covering.map(({ to, place }) => `${to.join(', ')} (${place})`).join(', ');
  const groups = allGroups(covering.map(({ to }) => to));
  return refuse(`${who}; ${what} is granted to ${granted}`, askSomebodyOf(groups));
}

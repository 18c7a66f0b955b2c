import type { GroupName, UserId } from '../domain/ids.ts';
import type { Person } from '../domain/inventory.ts';
import { type Refusal, refuse } from './decision.ts';
import { listOr } from './membership.ts';
import type { Rule, Scope } from './rule.ts';

/** Somebody who may open the glass, by what each network vouches for. */
export interface Holder {
  readonly id: UserId;
  readonly accounts: ReadonlyMap<string, string>;
}

/** What two people together may do while nobody can be asked who people are. */
export interface BreakGlass {
  readonly name: string;
  /** Where it stands in the configuration. */
  readonly place: string;
  readonly holders: readonly Holder[];
  readonly allow: readonly string[];
  readonly on: Scope;
  /** How long it stays open at most. */
  readonly lastsMs: number;
}

/** How long the second holder has to confirm what the first one asked for. */
export const CONFIRM_WITHIN_MS = 10 * 60_000;

/** What the record says now. */
export type GlassState =
  | { readonly kind: 'closed' }
  | { readonly kind: 'asked'; readonly by: UserId; readonly because: string; readonly at: number }
  | {
      readonly kind: 'open';
      readonly by: readonly UserId[];
      readonly because: string;
      readonly until: number;
    };

const GROUP = 'glass:';

/** The group that holders are in while it is open. A directory has none of such a name. */
export function glassGroup({ name }: Pick<BreakGlass, 'name'>): GroupName {
  return `${GROUP}${name}` as GroupName;
}

/** A holder as a person, with no other right than what the glass grants. */
export function holderAsPerson({ id }: Holder, glass: BreakGlass): Person {
  return { id, groups: [glassGroup(glass)] };
}

/** The name of the break-glass that somebody acts under; undefined for whoever the directory vouches for. */
export function glassOf({ groups }: Person): string | undefined {
  return groups.find((group) => group.startsWith(GROUP))?.slice(GROUP.length);
}

/** Whom a network's account belongs to. One that two holders claim belongs to nobody. */
export function holderWith(
  network: string,
  account: string,
  { holders }: BreakGlass,
): Holder | undefined {
  const [holder, ...others] = holders.filter(({ accounts }) => accounts.get(network) === account);
  return others.length === 0 ? holder : undefined;
}

/** What it grants, as a rule: whatever it covers takes the approval of another holder, at every risk that can do harm. */
export function glassRule(glass: BreakGlass): Rule {
  const groups = [glassGroup(glass)];
  const demand = { count: 1, groups };
  return {
    place: glass.place,
    allow: glass.allow,
    on: glass.on,
    to: groups,
    approvals: { routine: demand, disruptive: demand, destructive: demand },
  };
}

export interface OpenAsk {
  readonly glass: BreakGlass;
  /** Undefined for whoever holds nothing. */
  readonly holder: Holder | undefined;
  readonly state: GlassState;
  /** Whether the directory said who people are when it was just asked. */
  readonly directory: 'answers' | 'unavailable';
  readonly because: string | undefined;
  readonly prefix: string;
}

export type OpenDecision =
  | { readonly kind: 'ask'; readonly because: string }
  | { readonly kind: 'open'; readonly with: UserId; readonly because: string }
  | Refusal;

/** Whether somebody may ask for it to be opened, or open it with the holder who asked. */
export function mayOpen({
  glass,
  holder,
  state,
  directory,
  because,
  prefix,
}: OpenAsk): OpenDecision {
  const others = listOr(glass.holders.map(({ id }) => id).filter((id) => id !== holder?.id));
  if (holder === undefined) {
    return refuse(`break-glass ${glass.name} is for its holders`, `Ask ${others}.`);
  }
  if (state.kind === 'open') {
    return refuse(`break-glass ${glass.name} is open already`, 'Type what has to be done.');
  }
  if (directory === 'answers') {
    const why = `the directory answers, so break-glass ${glass.name} stays closed`;
    return refuse(why, 'The ordinary rules decide.');
  }
  if (state.kind === 'asked') {
    if (state.by !== holder.id) return { kind: 'open', with: state.by, because: state.because };
    const next = `Ask ${others} to type ${prefix}glass open.`;
    return refuse(`${holder.id} asked for it already, and it takes two people`, next);
  }
  if (because === undefined) {
    return refuse('nobody asked for it yet', `Say why: ${prefix}glass open REASON.`);
  }
  return { kind: 'ask', because };
}

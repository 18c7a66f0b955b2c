import type { GroupName, UserId } from '../domain/ids.ts';
import { listOr } from '../policies/membership.ts';
import type { ApprovalDemand } from '../policies/rule.ts';
import { strongEnough } from '../policies/strength.ts';
import type { Target } from '../policies/target.ts';
import type { Bot } from './bot.ts';
import { counted } from './narrator/in-words.ts';

const SHOWN = 10;

export interface Awaited {
  readonly demand: ApprovalDemand;
  readonly target: Target | undefined;
  /** Whoever asks; undefined where nobody would hear of it by name. */
  readonly requester: UserId | undefined;
}

/** Lines about who could approve something now, by name, and where they would have to do it. */
export async function whoCouldApprove(
  { demand, target, requester }: Awaited,
  bot: Pick<Bot, 'directory' | 'policy'>,
): Promise<readonly string[]> {
  const { strength, selfApproval } = bot.policy();
  const networks = strongEnough('approve', target, strength);
  const where = networks.length > 0 ? `on ${listOr(networks)}` : 'on no network of this site';
  const found = await peopleOf(demand.groups, bot);
  if ('line' in found) return [found.line, `it is approved ${where}`];
  const able = found.people.filter((id) => id !== requester || selfApproval.includes(id));
  const few = able.length < demand.count;
  const who = able.length === 0 ? 'nobody' : named(able);
  const lack = few ? `, and that is too few: it takes ${counted(demand.count, 'approval')}` : '';
  return [`could approve it now: ${who}, ${where}${lack}`];
}

type Found = { readonly people: readonly UserId[] } | { readonly line: string };

async function peopleOf(
  groups: readonly GroupName[],
  { directory }: Pick<Bot, 'directory'>,
): Promise<Found> {
  const people = new Set<UserId>();
  for (const group of groups) {
    const found = await directory.membersOf(group, 'cached');
    if (found.kind === 'unavailable') {
      const { directory: name, because } = found;
      return { line: `who could approve it nobody knows: ${name} did not answer (${because})` };
    }
    if (found.kind === 'nobody') continue;
    for (const { id, barred } of found.members) if (barred === undefined) people.add(id);
  }
  return { people: [...people] };
}

function named(people: readonly UserId[]): string {
  const more = people.length - SHOWN;
  const shown = people.slice(0, SHOWN).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

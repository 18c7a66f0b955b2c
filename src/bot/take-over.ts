import type { OpId, UserId } from '../domain/ids.ts';
import type { Person } from '../domain/inventory.ts';
import { tooWeak } from '../policies/strength.ts';
import { decideTakeover } from '../policies/takeover.ts';
import type { Bot } from './bot.ts';
import type { Answered, Asker } from './command.ts';
import type { LockTarget } from './lock-target.ts';
import type { Operation } from './operations.ts';
import { quarantineHostsOf } from './quarantine.ts';
import { refusal } from './refusal.ts';
import { doing, steer, type Wanted } from './steer.ts';

/** What an operation has to be doing for there to be something to take from it. */
const TAKEABLE = new Set(['running', 'asking', 'held', 'approval']);

/**
 * Takes a host from the operation that works on it: its worker may do nothing more, it is held, and the host is in no
 * group until somebody releases it. Where the rules demand approvals, so many people have to type it.
 */
export function takeOver(
  op: OpId,
  { what, because }: { readonly what: LockTarget; readonly because: string },
  asker: Asker,
  bot: Bot,
): Promise<Answered> {
  return steer(op, asker, bot, async (operation, person): Promise<Wanted> => {
    const { state } = operation;
    if (!TAKEABLE.has(state.phase.kind) || state.hold?.takenOver) {
      return { refused: [`${op} cannot be taken over: it ${doing(state)}`] };
    }
    const { target } = what;
    const ask = { command: 'takeover', risk: 'destructive', target, from: asker } as const;
    const before = await peopleOf(askedBefore(operation, bot), bot);
    const policy = bot.policy();
    // To say the same as somebody else is to approve it.
    const approving = { ...ask, deed: 'approve', network: asker.network } as const;
    const weak = before.length > 0 ? tooWeak(approving, policy.strength) : undefined;
    if (weak !== undefined) return { refused: [refusal(asker, weak)] };
    const decided = decideTakeover({ person, ask, before }, policy);
    if (decided.kind === 'refuse') return { refused: [refusal(asker, decided)] };
    if (decided.kind === 'ask') return { events: [{ kind: 'takeover-asked', because }] };
    // First, so that nothing chooses the host while nobody works on it.
    const why = { by: person.id, because: `taken from ${op}: ${because}` };
    await quarantineHostsOf(operation, why, bot);
    return { events: [{ kind: 'taken-over', because }] };
  });
}

/** What was said longer ago than an approval lasts counts no more. */
function askedBefore({ state }: Operation, bot: Bot): readonly UserId[] {
  const recent = state.takeoverAsked.filter(({ at }) => bot.now() - at < bot.approvalExpiresMs);
  return [...new Set(recent.map(({ by }) => by))];
}

async function peopleOf(ids: readonly UserId[], { directory }: Bot): Promise<readonly Person[]> {
  const found = await Promise.all(ids.map((id) => directory.person(id, 'fresh')));
  return found.flatMap((one) => (one.kind === 'person' ? [one.person] : []));
}

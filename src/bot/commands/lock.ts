import type { OpId } from '../../domain/ids.ts';
import { aboutOperation } from '../../jobs/engine/about-operation.ts';
import { decideExplained } from '../../jobs/engine/decide-explained.ts';
import { interlockFacts } from '../../jobs/engine/interlock-facts.ts';
import type { HeldClaim, LockByHand } from '../../jobs/journal/journal.ts';
import { minute } from '../../policies/minute.ts';
import type { Bot } from '../bot.ts';
import { type Answered, defineCommand } from '../command.ts';
import { endOf, FOR, UNTIL } from '../lock-end.ts';
import { LOCK_TARGET, type LockTarget, lockable } from '../lock-target.ts';
import { textOf } from '../op-argument.ts';

const MOST_TRIES = 10;

export default defineCommand({
  spec: {
    name: 'lock',
    summary: 'Keep operations away from a host or a pool until it is unlocked or its end has come.',
    risk: 'routine',
    positional: [
      LOCK_TARGET,
      { name: 'reason', kind: 'text', required: true, expected: 'why, for whoever meets the lock' },
    ],
    options: [UNTIL, FOR],
    flags: [],
    examples: ['lock builder-07 debugging the kernel', 'lock @builders for=2h koji is upgraded'],
  },
  rights: 'known',
  async run({ args, asker }, bot) {
    const asked = await lockable(args, asker, bot);
    if ('refused' in asked) return asked;
    const end = endOf(args, bot.now());
    if ('refused' in end) return { refused: [end.refused] };
    const because = textOf(args, 'reason') ?? '';
    return take(asked.what, { key: asked.what.key, by: asked.by, because, ...end }, bot);
  },
});

/** Decided on the claims as they are, and taken only if they are still so. */
async function take({ zone, shown }: LockTarget, lock: LockByHand, bot: Bot): Promise<Answered> {
  const { key, by, because, until } = lock;
  const claims = [{ kind: 'lock', key }] as const;
  for (let turn = 0; turn < MOST_TRIES; turn += 1) {
    const { held, revision } = await bot.journal.claims(zone);
    const about = (op: OpId) => aboutOperation(bot.journal, { op, zone });
    const away = async () => [];
    const inventory = bot.inventory();
    const beside = async (some: readonly HeldClaim[]) => {
      const facts = { op: undefined, claims, held: some, inventory, away, freeze: undefined };
      return decideExplained(claims, await interlockFacts({ ...facts, prefix: bot.prefix }), about);
    };
    const decided = await beside(held.filter(({ op }) => op === undefined));
    if (decided.kind === 'blocked') return { refused: decided.reasons.map(refusing(shown)) };
    const running = await beside(held.filter(({ op }) => op !== undefined));
    if (await bot.journal.lockByHand(zone, lock, revision)) {
      const till = until === undefined ? '' : ` until ${minute(until)}`;
      const goingOn = running.kind === 'blocked' ? running.reasons : [];
      return [
        `${shown} is locked by ${by}${till}: "${because}"`,
        ...goingOn.map((reason) => `${reason}: that goes on up to its point of no return`),
      ];
    }
  }
  return { refused: ['the locks change faster than they can be taken; try again'] };
}

/** What somebody asked to lock is named, where something else is in the way of that. */
function refusing(shown: string): (reason: string) => string {
  return (reason) => (reason.startsWith(`${shown} `) ? reason : `no lock on ${shown}: ${reason}`);
}

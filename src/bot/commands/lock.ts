import type { OpId } from '../../domain/ids.ts';
import { aboutOperation } from '../../jobs/engine/about-operation.ts';
import { interlockFacts } from '../../jobs/engine/interlock-facts.ts';
import { authorize } from '../../policies/authorize.ts';
import { decideClaims } from '../../policies/interlocks.ts';
import type { Bot } from '../bot.ts';
import { defineCommand, type Reply } from '../command.ts';
import { type LockTarget, lockTarget } from '../lock-target.ts';
import { textOf } from '../op-argument.ts';
import { refusal } from '../refusal.ts';
import { strangerLines } from '../steer.ts';

const MOST_TRIES = 10;

export default defineCommand({
  spec: {
    name: 'lock',
    summary: 'Keep operations away from a host or a pool until it is unlocked.',
    risk: 'routine',
    positional: [
      {
        name: 'target',
        kind: 'word',
        required: true,
        expected: 'a host such as builder-07 or a pool such as @builders',
      },
      { name: 'reason', kind: 'text', required: true, expected: 'why, for whoever meets the lock' },
    ],
    options: [],
    flags: [],
    examples: ['lock builder-07 debugging the kernel'],
  },
  rights: 'known',
  async run({ args, asker }, bot) {
    const target = lockTarget(textOf(args, 'target') ?? '', bot.inventory());
    if (typeof target === 'string') return [target];
    const { person } = asker;
    if (person === undefined) return strangerLines(asker);
    const authorized = authorize(
      { person, command: 'lock', risk: 'routine', target: targetOf(target, bot) },
      bot.rules(),
    );
    if (authorized.kind === 'refuse') return [refusal(asker, authorized)];
    return take(target, person.id, textOf(args, 'reason') ?? '', bot);
  },
});

export function targetOf({ host, pool }: LockTarget, bot: Bot) {
  const { hosts, pools } = bot.inventory();
  const inPool = pool && pools.get(pool)?.hosts[0];
  const known = hosts.get(host ?? inPool ?? ('' as never));
  return {
    ...(host && { host }),
    ...((pool ?? known?.pool) && { pool: pool ?? known?.pool }),
    ...(known && { environment: known.environment }),
  } as NonNullable<Parameters<typeof authorize>[0]['target']>;
}

/** Decided on the claims as they are, and taken only if they are still so. */
async function take(target: LockTarget, by: string, because: string, bot: Bot): Promise<Reply> {
  const { zone, key } = target;
  const claims = [{ kind: 'lock', key }] as const;
  for (let turn = 0; turn < MOST_TRIES; turn += 1) {
    const { held, revision } = await bot.journal.claims(zone);
    const about = (op: OpId) => aboutOperation(bot.journal, op);
    const away = async () => [];
    const inventory = bot.inventory();
    const facts = await interlockFacts({
      op: undefined,
      claims,
      held,
      inventory,
      away,
      about,
      prefix: bot.prefix,
    });
    const decided = decideClaims(claims, facts);
    if (decided.kind === 'blocked') return decided.reasons;
    if (await bot.journal.lockByHand(zone, { key, by, because }, revision)) {
      return [`${target.host ?? `@${target.pool}`} is locked by ${by}: "${because}"`];
    }
  }
  return ['the locks change faster than they can be taken; try again'];
}

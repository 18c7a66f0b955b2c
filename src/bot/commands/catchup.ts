import type { OperationState } from '../../jobs/model/state.ts';
import { lockedBy } from '../../policies/locks.ts';
import type { Bot } from '../bot.ts';
import { defineCommand, type Reply } from '../command.ts';
import { lookBack, newLocks } from '../happenings.ts';
import { clockTime, counted, duration, joined } from '../narrator/in-words.ts';
import { textOf } from '../op-argument.ts';
import { operationLine } from '../operation-line.ts';
import { refusal } from '../refusal.ts';
import { parseSince } from '../since.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Of each kind. */
const SHOWN = 5;
const FOR_PEOPLE: ReadonlySet<string> = new Set(['approval', 'asking', 'held']);

export default defineCommand({
  spec: {
    name: 'catchup',
    summary: 'What happened while you or the network were away.',
    risk: 'read-only',
    positional: [
      {
        name: 'since',
        kind: 'word',
        required: false,
        expected: 'a time such as 2h or 14:00; your last word on record when absent',
      },
    ],
    options: [],
    flags: [],
    examples: ['catchup', 'catchup 2h', 'catchup 14:00'],
  },
  rights: 'rule',
  async run({ args, asker }, bot) {
    const typed = textOf(args, 'since');
    const asked = typed === undefined ? undefined : parseSince(typed, bot.now());
    if (typed !== undefined && asked === undefined) return [refusal(asker, noTime(typed))];
    const seen = await lookBack(bot, asker, asker.person?.id);
    const since = asked ?? seen.lastWord ?? bot.now() - DAY_MS;
    const lines = await linesSince(since, seen.operations, bot);
    if (seen.from <= since) return lines;
    return [
      ...lines,
      `what was asked for before ${clockTime(seen.from, bot.now())} and is over is not in this`,
    ];
  },
});

function noTime(typed: string) {
  return {
    because: `"${typed}" is no time that has passed`,
    next: 'Type one such as 30m, 2h, 1d, 14:00 (UTC) or 2026-11-21T14:00.',
  };
}

async function linesSince(
  since: number,
  operations: readonly OperationState[],
  bot: Bot,
): Promise<Reply> {
  const open = operations.filter(({ phase }) => phase.kind !== 'ended');
  const waiting = open.filter(({ phase }) => FOR_PEOPLE.has(phase.kind));
  const others = open.filter(({ phase }) => !FOR_PEOPLE.has(phase.kind));
  const ended = operations.filter(({ phase, lastAt }) => phase.kind === 'ended' && lastAt >= since);
  const locks = await newLocks(since, bot);
  const away = duration((bot.now() - since) * bot.timeScale);
  const head = joined([
    `since ${clockTime(since, bot.now())} (${away}): ${ended.length} ended`,
    `${open.length} open`,
    waiting.length > 0 && `${waiting.length} waiting for somebody`,
    locks.length > 0 && counted(locks.length, 'new lock'),
  ]);
  const lines = await Promise.all([waiting, others, ended].map((some) => newest(some, bot)));
  const locked = locks.slice(0, SHOWN).map((lock) => lockedBy(lock, bot));
  return [head, ...lines.flat(), ...locked, ...more(locks.length)];
}

async function newest(operations: readonly OperationState[], bot: Bot): Promise<Reply> {
  const byTime = operations.toSorted((a, b) => b.lastAt - a.lastAt);
  const lines = await Promise.all(byTime.slice(0, SHOWN).map((state) => operationLine(state, bot)));
  return [...lines, ...more(operations.length)];
}

function more(count: number): Reply {
  return count > SHOWN ? [`and ${count - SHOWN} more like these`] : [];
}

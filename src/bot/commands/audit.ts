import { UserId } from '../../domain/ids.ts';
import { isAbout, isWanted } from '../../jobs/audit/concerns.ts';
import type { OpRef } from '../../jobs/journal/journal.ts';
import { type Entry, knownEvent } from '../../jobs/model/event.ts';
import type { Refused } from '../../jobs/refusals/refusal-entry.ts';
import type { Bot } from '../bot.ts';
import { defineCommand } from '../command.ts';
import { deedInWords } from '../deed-in-words.ts';
import { linkDeeds } from '../identity/link-deeds.ts';
import { textOf } from '../op-argument.ts';
import { refusalInWords } from '../refusals/refusals.ts';

const SHOWN = 20;
/** So many of the newest operations are looked at. */
const LOOKED_AT = 300;

export default defineCommand({
  spec: {
    name: 'audit',
    summary: 'Who did what to what, linked which account and was refused, the newest first.',
    risk: 'read-only',
    positional: [
      {
        name: 'about',
        kind: 'word',
        required: false,
        expected: 'a host, a pool, an operation or a person',
      },
    ],
    options: [],
    flags: [],
    examples: ['audit', 'audit builder-07', 'audit ana'],
  },
  rights: 'rule',
  async run({ args }, bot) {
    const about = textOf(args, 'about');
    const refs = await bot.journal.recent(LOOKED_AT);
    const deeds = (await Promise.all(refs.map((ref) => deedsOf(ref, about, bot)))).flat();
    const refused = await refusalsOf(about, bot);
    const linked = await linkDeeds(about, bot);
    const newest = [...deeds, ...refused, ...linked.toReversed()]
      .sort((a, b) => b.at - a.at)
      .slice(0, SHOWN);
    if (newest.length > 0) return newest.map(({ line }) => line);
    const of = about === undefined ? '' : ` about ${about}`;
    return [`nobody did anything${of} in the last ${refs.length} operations`];
  },
});

/** What somebody was told no to, or everybody about a word of what they typed. */
async function refusalsOf(about: string | undefined, bot: Bot): Promise<readonly Deed[]> {
  const refusals = await bot.refusals.newest(LOOKED_AT);
  return refusals
    .filter(({ refused }) => about === undefined || isOf(refused, about))
    .toReversed()
    .map((entry) => ({ at: entry.at, line: refusalInWords(entry) }));
}

function isOf({ person, typed }: Refused, about: string): boolean {
  return person === about || typed.split(/\s+/).includes(about);
}

interface Deed {
  readonly at: number;
  readonly line: string;
}

/** What people did in one operation: all of it where it is about that, else what that person did. */
async function deedsOf(
  ref: OpRef,
  about: string | undefined,
  { journal }: Bot,
): Promise<readonly Deed[]> {
  const entries = await journal.read(ref);
  const request = entries[0] && knownEvent(entries[0]);
  if (request?.kind !== 'requested') return [];
  const all = about === ref.op || isAbout(request, about);
  const person = UserId.safeParse(about);
  const wanted = (entry: Entry) =>
    all || (person.success && isWanted(entry, { person: person.data }));
  return entries
    .filter((entry) => entry.by !== 'engine' && entry.unvouched === undefined && wanted(entry))
    .toReversed()
    .flatMap((entry) => {
      const line = deedInWords(ref.op, request, entry);
      return line === undefined ? [] : [{ at: entry.at, line }];
    });
}

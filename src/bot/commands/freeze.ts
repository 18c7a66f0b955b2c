import type { ZoneName } from '../../domain/ids.ts';
import { nearestWord } from '../../domain/nearest-word.ts';
import type { LockByHand } from '../../jobs/journal/journal.ts';
import { type Freeze, freezeKey, freezesByHand, frozenInWords } from '../../policies/freezes.ts';
import type { ByHand } from '../../policies/held.ts';
import { minute } from '../../policies/minute.ts';
import type { Bot } from '../bot.ts';
import { defineCommand } from '../command.ts';
import { FREEZE_SCOPE, freezable } from '../freeze-scope.ts';
import { endOf, FOR, UNTIL } from '../lock-end.ts';
import { textOf } from '../op-argument.ts';

const MOST_TRIES = 10;

export default defineCommand({
  spec: {
    name: 'freeze',
    summary:
      'Let nothing start in a zone or an environment until it is thawed or the end has come.',
    risk: 'routine',
    positional: [
      FREEZE_SCOPE,
      { name: 'reason', kind: 'text', required: true, expected: 'why, for whoever is refused' },
    ],
    options: [
      UNTIL,
      FOR,
      {
        name: 'except',
        kind: 'word',
        required: false,
        expected: 'commands that go on nevertheless, such as configure,reimage',
      },
    ],
    flags: [],
    examples: [
      'freeze staging koji is upgraded',
      'freeze everything for=2h the network is moved',
      'freeze production until=2026-11-24T08:00+01:00 except=configure release week',
    ],
  },
  rights: 'known',
  async run({ args, asker }, bot) {
    const asked = await freezable('freeze', args, asker, bot);
    if ('refused' in asked) return asked;
    const end = endOf(args, bot.now());
    if ('refused' in end) return { refused: [end.refused] };
    const except = exceptions(textOf(args, 'except'), bot);
    if ('refused' in except) return { refused: [except.refused] };
    const { scope, by } = asked;
    const because = textOf(args, 'reason') ?? '';
    const freeze = { key: freezeKey(scope.on), by, because, ...end, ...except };
    const before = new Set<string>();
    for (const zone of scope.zones) {
      const replaced = await set(zone, freeze, bot);
      if (replaced !== undefined) before.add(frozenInWords(replaced, bot.prefix));
    }
    const till = freeze.until === undefined ? '' : ` until ${minute(freeze.until)}`;
    const frozen = `${scope.on} is frozen by ${by}${till}: "${because}"; what runs goes on`;
    return [frozen, ...[...before].map((one) => `instead of: ${one}`)];
  },
});

type Exceptions = Pick<ByHand, 'except'> | { readonly refused: string };

function exceptions(typed: string | undefined, { runbooks }: Bot): Exceptions {
  if (typed === undefined) return {};
  const except = typed.split(',').filter((name) => name !== '');
  const unknown = except.find((name) => !runbooks.has(name));
  if (unknown === undefined) return except.length === 0 ? {} : { except };
  const near = nearestWord(unknown, runbooks.keys());
  return {
    refused: `except=${unknown}: no operation is called that${near ? `, did you mean ${near}?` : ''}`,
  };
}

/** Gives the one that it takes the place of. */
async function set(
  zone: ZoneName,
  freeze: LockByHand,
  { journal }: Bot,
): Promise<Freeze | undefined> {
  for (let turn = 0; turn < MOST_TRIES; turn += 1) {
    const { held, revision } = await journal.claims(zone);
    const before = freezesByHand(held).find(({ on }) => freezeKey(on) === freeze.key);
    if (await journal.lockByHand(zone, freeze, revision)) return before;
  }
  throw new Error(`${freeze.key} could not be set: the claims change too fast`);
}

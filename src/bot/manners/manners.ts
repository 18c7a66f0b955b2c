import { setTimeout as delay } from 'node:timers/promises';
import type { Bot } from '../bot.ts';
import type { ChatNetwork, Incoming } from '../chat-network.ts';
import { shownAs } from '../who-asks.ts';
import { declinedInWords } from './declined.ts';
import { laneOf } from './lane.ts';
import { createLimits } from './limits.ts';
import { createRepeats, type Repeats } from './repeats.ts';
import { createTurns } from './turns.ts';

/** Each of them may ask a build system or plan for many hosts. */
const TALK_AT_ONCE = 4;
const STEERING_AT_ONCE = 8;

type FromSomebody = Exclude<Incoming, { kind: 'returned' }>;

export type Turn =
  | { readonly kind: 'taken'; readonly run: (work: () => Promise<void>) => Promise<void> }
  /** No lines for who was told already. */
  | { readonly kind: 'declined'; readonly lines: readonly string[] };

/** What is due to people who share a channel: a turn for everybody, and nothing twice. */
export interface Manners {
  /** `text` is the command without its prefix. */
  admit(incoming: FromSomebody, text: string): Turn;
  readonly repeats: Repeats;
}

export interface MannersOptions {
  readonly bot: Pick<Bot, 'commands'>;
  readonly network: Pick<ChatNetwork, 'private'>;
  readonly clock: () => number;
  readonly wait?: (ms: number) => Promise<unknown>;
}

export function createManners({
  bot,
  network,
  clock,
  wait = (ms) => delay(ms, undefined, { ref: false }),
}: MannersOptions): Manners {
  if (network.private) return AMONG_OURSELVES;
  const limits = createLimits(clock);
  const steering = createTurns(STEERING_AT_ONCE);
  const talk = createTurns(TALK_AT_ONCE);
  const known = new Set(
    [...bot.commands.values()].flatMap(({ spec }) => [spec.name, ...(spec.aliases ?? [])]),
  );

  function laneFor(text: string, vouched: boolean) {
    const word = /^\p{L}+/u.exec(text)?.[0].toLowerCase() ?? '';
    return laneOf(word, vouched, known);
  }

  function admitReaction(who: string): Turn {
    const inMs = limits.reactionInMs(who);
    if (inMs === undefined) return { kind: 'declined', lines: [] };
    return {
      kind: 'taken',
      async run(work) {
        if (inMs > 0) await wait(inMs);
        await steering(who, work);
      },
    };
  }

  return {
    repeats: createRepeats(clock),
    admit(incoming, text) {
      const { sender, ref } = incoming;
      const { who, vouched, isQuiet } = callerOf(incoming);
      if (incoming.kind === 'reaction' && vouched) return admitReaction(who);
      const lane = laneFor(text, vouched);
      const turns = lane === 'steering' ? steering : talk;
      const admitted = limits.admit({ lane, who, channel: ref.channel, vouched });
      if (admitted.kind === 'taken') return { kind: 'taken', run: (work) => turns(who, work) };
      // People react to anything; to that alone nobody is told anything.
      if (!admitted.first || isQuiet || incoming.kind === 'reaction')
        return { kind: 'declined', lines: [] };
      const line = declinedInWords(admitted, { shown: shownAs(sender), text });
      return { kind: 'declined', lines: [line] };
    },
  };
}

/** What is refused quietly may not be of the sender at all, and uses up nothing of theirs. */
function callerOf({ sender: { id, shown }, refused }: FromSomebody) {
  const isQuiet = refused?.quietly === true;
  const name = id === undefined ? `nick ${shown}` : `id ${id}`;
  return { isQuiet, who: isQuiet ? `as if ${name}` : name, vouched: id !== undefined && !isQuiet };
}

const AMONG_OURSELVES: Manners = {
  repeats: { agoMs: () => undefined, forget: () => undefined },
  admit: () => ({ kind: 'taken', run: (work) => work() }),
};

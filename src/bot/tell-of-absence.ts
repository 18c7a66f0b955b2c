import type { OperationState } from '../jobs/model/state.ts';
import type { Bot } from './bot.ts';
import type { ChatNetwork } from './chat-network.ts';
import { printable } from './grammar/printable.ts';
import { isHeardIn, readRecent } from './happenings.ts';
import type { Absences } from './narrator/absences.ts';
import type { Channel } from './narrator/channels.ts';
import { duration, position } from './narrator/in-words.ts';
import { OUTCOMES } from './narrator/report.ts';

/** A moment without the network is nobody's concern. */
export const WORTH_TELLING_MS = 5_000;
const SHOWN = 4;
const LONGEST_QUESTION_BYTES = 80;
const MINUTE_MS = 60_000;
/** What people have to do something about comes first. */
const ORDER: readonly OperationState['phase']['kind'][] = ['asking', 'approval', 'held', 'ended'];

interface Away {
  readonly awayMs: number;
  readonly heardAll?: boolean;
}

export interface BackOn {
  readonly bot: Bot;
  readonly network: ChatNetwork;
  readonly absences: Absences;
}

/**
 * One line in each channel of a network that is back: for how long it was away, and what happened. Where that line cannot be
 * posted, everything is told one by one.
 */
export async function tellOfAbsence(back: BackOn, away: Away): Promise<void> {
  const { bot, absences } = back;
  const until = bot.now();
  const from = until - away.awayMs;
  try {
    if (away.awayMs < WORTH_TELLING_MS) return;
    const changed = await changedSince(from, bot);
    const told = tellInEach(back, away, { from, until, changed });
    absences.note({ from, until, told });
    await Promise.all(told.values());
  } catch (problem) {
    bot.report(problem);
  } finally {
    absences.tryAgain();
  }
}

interface Meanwhile {
  readonly from: number;
  readonly until: number;
  readonly changed: readonly OperationState[];
}

function tellInEach(
  { bot, network }: BackOn,
  away: Away,
  { from, until, changed }: Meanwhile,
): ReadonlyMap<string, Promise<boolean>> {
  async function isTold(place: Channel): Promise<boolean> {
    const heard = changed.filter((state) => isHeardIn(place, state, bot.channels()));
    const lines = [absenceInWords(heard, { from, ...away }, bot)];
    const key = `back at ${until} in ${place.channel}`;
    await network.post({ channel: place.channel, key, as: 'notice', lines });
    return true;
  }
  const untold = (problem: unknown) => {
    bot.report(problem);
    return false;
  };
  const own = bot.channels().filter((one) => one.network === network.name);
  return new Map(own.map((place) => [place.channel, isTold(place).catch(untold)]));
}

async function changedSince(from: number, { journal }: Bot): Promise<readonly OperationState[]> {
  const states = (await readRecent(journal)).flatMap(({ state }) => state ?? []);
  return states.filter(({ lastAt }) => lastAt >= from);
}

/** `back after 34 s, what was typed meanwhile was not read: op-7k2m went to 4/8; op-8q3n waits for an answer: …` */
function absenceInWords(
  changed: readonly OperationState[],
  { from, awayMs, heardAll = false }: Away & { readonly from: number },
  { prefix, timeScale }: Pick<Bot, 'prefix' | 'timeScale'>,
): string {
  const away = heardAll ? backAfter(awayMs * timeScale) : backUnread(awayMs * timeScale);
  if (changed.length === 0) return `${away}; no operation went on`;
  const rank = ({ phase }: OperationState) => ORDER.indexOf(phase.kind) + 1 || ORDER.length + 1;
  const sorted = changed.toSorted((a, b) => rank(a) - rank(b) || b.lastAt - a.lastAt);
  const since = Math.ceil((awayMs * timeScale) / MINUTE_MS);
  const left = changed.length - SHOWN;
  const more = left > 0 ? [`and ${left} more`] : [];
  const what = [...sorted.slice(0, SHOWN).map((state) => becameOf(state, from)), ...more].join(
    '; ',
  );
  return `${away}: ${what} · ${prefix}catchup ${since}m`;
}

function backAfter(nominalMs: number): string {
  return `back after ${duration(nominalMs)}`;
}

/** Of a network that keeps nothing for whoever is not there. */
export function backUnread(nominalMs: number): string {
  return `${backAfter(nominalMs)}, what was typed meanwhile was not read`;
}

function becameOf(state: OperationState, from: number): string {
  const { op, phase } = state;
  switch (phase.kind) {
    case 'approval':
      return `${op} waits for approval`;
    case 'claims':
      return `${op} waits to start`;
    case 'running':
      return `${op} ${wentOn(state, from)} ${position(state, phase.step)}`;
    case 'finished':
      return `${op} is about to end`;
    case 'asking':
    case 'held': {
      const question = printable(phase.prompt.question, LONGEST_QUESTION_BYTES);
      return `${op} ${phase.kind === 'held' ? 'is held' : 'waits for an answer'}: ${question}`;
    }
    case 'ended':
      return `${op} ${OUTCOMES[phase.outcome]}`;
    default:
      return phase satisfies never;
  }
}

function wentOn({ way, current }: OperationState, from: number): string {
  if (way === 'undo') return 'goes back, at';
  return current !== undefined && current.startedAt >= from ? 'went to' : 'is still at';
}

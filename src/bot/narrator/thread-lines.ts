import type { OperationState } from '../../jobs/model/state.ts';
import type { ToldItem } from '../../jobs/ports/operation-threads.ts';
import { position } from './in-words.ts';

/** The longest message of a thread, in lines. */
const MOST_IN_THREAD = 60;
/** The longest one in a channel, where others talk too. */
const MOST_IN_CHANNEL = 3;

/** Everything that was told, as one message of the operation's thread. Of too much, the oldest that matters little is left out. */
export function threadLines(
  state: OperationState,
  items: readonly ToldItem[],
  prefix: string,
): readonly string[] {
  const kept = newestThatFit(items);
  const left = items.length - kept.length;
  const note = left > 0 ? [`${left} more: ${logCommand(state, items, prefix)}`] : [];
  return [...note, ...kept.flatMap((item) => linesOf(state, item))];
}

/** What matters, in few lines, for a channel without threads. Mostly none. */
export function channelLines(
  state: OperationState,
  items: readonly ToldItem[],
  prefix: string,
): readonly string[] {
  const important = items.filter((item) => item.important);
  const said = important.length > MOST_IN_CHANNEL + 1 ? MOST_IN_CHANNEL : important.length;
  const left = important.length - said;
  const note =
    left > 0 ? [`${state.op} ${left} more: ${logCommand(state, important, prefix)}`] : [];
  const lines = important
    .slice(0, said)
    .map(({ step, line }) => `${state.op} ${position(state, step)} ${line}`);
  return [...lines, ...note];
}

function newestThatFit(items: readonly ToldItem[]): readonly ToldItem[] {
  let room = MOST_IN_THREAD;
  const kept = items.toReversed().filter(({ important, more = [] }) => {
    room -= 1 + more.length;
    return important || room >= 0;
  });
  return kept.reverse();
}

function linesOf(state: OperationState, { step, line, more = [] }: ToldItem): readonly string[] {
  return [`${position(state, step)} ${line}`, ...more.map((each) => `  ${each}`)];
}

function logCommand(state: OperationState, items: readonly ToldItem[], prefix: string): string {
  const step = items.at(-1)?.step;
  return `${prefix}log ${state.op}${step === undefined ? '' : ` ${step}`}`;
}

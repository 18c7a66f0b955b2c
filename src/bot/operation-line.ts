import type { OperationState } from '../jobs/model/state.ts';
import { codeOf } from './approve.ts';
import type { Bot } from './bot.ts';
import { timeLeft } from './estimates/time-left.ts';
import { clockTime, duration, joined, position } from './narrator/in-words.ts';
import { stepNow } from './narrator/step-now.ts';
import { standing } from './standing.ts';

type Known = Pick<
  Bot,
  | 'now'
  | 'timeScale'
  | 'estimates'
  | 'journal'
  | 'inventory'
  | 'outOfService'
  | 'prefix'
  | 'freezes'
  | 'directory'
>;

/** One operation in one line: what, whose, where it stands, for how long. */
export async function operationLine(state: OperationState, bot: Known): Promise<string> {
  const { op, request, requester, requestedAt } = state;
  const now = bot.now();
  const age = (now - requestedAt) * bot.timeScale;
  const ago = age < 1_000 ? 'just now' : `${duration(age)} ago`;
  return joined([
    `${op} ${request.command}`,
    await stands(state, bot, now),
    await stillTakes(state, bot, now),
    `asked by ${requester} ${ago}`,
  ]);
}

/** Undefined for one that does not run. */
export async function stillTakes(
  state: OperationState,
  { estimates, timeScale }: Known,
  now: number,
): Promise<string | undefined> {
  if (state.phase.kind !== 'running') return undefined;
  return timeLeft(state, await estimates.of(state.request.plan), { now, timeScale });
}

async function stands(state: OperationState, bot: Known, now: number): Promise<string> {
  const { phase } = state;
  switch (phase.kind) {
    case 'approval': {
      const { count, groups } = phase.demand;
      const code = codeOf(state, phase.subject);
      return `waits for ${count} of ${groups.join(' or ')} (code ${code}) until ${clockTime(phase.expiresAt, now)}`;
    }
    case 'claims':
      return waits(phase.place === undefined ? phase.because : await standing(state, bot));
    case 'running': {
      const undoing = phase.way === 'undo' ? 'undoing ' : '';
      return `${position(state, phase.step)} ${undoing}${stepNow(state) ?? phase.step}`;
    }
    case 'finished':
      return 'about to end';
    case 'asking':
      return `asks: ${phase.prompt.question}`;
    case 'held':
      return `held: ${phase.prompt.question}`;
    case 'ended':
      return `${phase.outcome}: ${phase.because}`;
    default:
      return phase satisfies never;
  }
}

function waits(because: string | undefined): string {
  return because ? `waits: ${because}` : 'starting';
}

import type { OperationState } from '../jobs/model/state.ts';
import { codeOf } from './approve.ts';
import type { Bot } from './bot.ts';
import { clockTime, duration, joined, position } from './narrator/in-words.ts';
import { stepNow } from './narrator/tell.ts';

/** One operation in one line: what, whose, where it stands, for how long. */
export function operationLine(state: OperationState, bot: Pick<Bot, 'now' | 'timeScale'>): string {
  const { op, request, requester, requestedAt } = state;
  const age = (bot.now() - requestedAt) * bot.timeScale;
  const ago = age < 1_000 ? 'just now' : `${duration(age)} ago`;
  return joined([
    `${op} ${request.command}`,
    stands(state, bot.now()),
    `asked by ${requester} ${ago}`,
  ]);
}

function stands(state: OperationState, now: number): string {
  const { phase } = state;
  switch (phase.kind) {
    case 'approval': {
      const { count, groups } = phase.demand;
      const code = codeOf(state, phase.subject);
      return `waits for ${count} of ${groups.join(' or ')} (code ${code}) until ${clockTime(phase.expiresAt, now)}`;
    }
    case 'claims':
      return phase.because ? `waits: ${phase.because}` : 'starting';
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

import type { TaskReport } from '../../../jobs/ports/configuration-management.ts';
import type { ResultEvent } from './play-event.ts';
import type { RunTexts } from './run-texts.ts';

const LONGEST_DIFF = 16_384;
const LONGEST_LINE = 500;
const TROUBLE: readonly TaskReport['outcome'][] = ['failed', 'ignored', 'unreachable'];

/** Secrets are replaced before anything is cut. */
export function taskReport(event: ResultEvent, { show }: RunTexts): TaskReport {
  const { host, outcome } = event;
  const texts = event.says.map(show);
  const says = TROUBLE.includes(outcome) ? complaint(texts, outcome) : firstLine(texts[0]);
  const diff = shorten(show(event.diff), LONGEST_DIFF);
  return {
    host,
    task: show(event.task),
    outcome,
    ...(says !== '' && { says: shorten(says, LONGEST_LINE) }),
    ...(diff !== '' && { diff }),
  };
}

/** Modules say in general what went wrong; what ran under them says in its last line what it was. SSH says both there. */
function complaint([said, more]: readonly string[], outcome: TaskReport['outcome']): string {
  if (outcome === 'unreachable') return lastLine(said);
  return [firstLine(said), lastLine(more)].filter((line) => line !== '').join(': ');
}

function firstLine(text = ''): string {
  return text.trim().split('\n')[0]?.trim() ?? '';
}

function lastLine(text = ''): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}

function shorten(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest)} [${text.length - longest} characters left out]`;
}

import { createHash } from 'node:crypto';
import type { TaskChange, TaskReport } from '../../../jobs/ports/configuration-management.ts';
import type { ResultEvent } from './play-event.ts';
import type { RunTexts } from './run-texts.ts';

const LONGEST_DIFF = 16_384;
const LONGEST_LINE = 500;
const TROUBLE: readonly TaskReport['outcome'][] = ['failed', 'ignored', 'unreachable'];

/** Secrets are replaced before anything is cut. */
export function taskReport(event: ResultEvent, texts: RunTexts): TaskReport {
  const { host, outcome } = event;
  const { show } = texts;
  const said = event.says.map(show);
  const says = TROUBLE.includes(outcome) ? complaint(said, outcome) : firstLine(said[0]);
  const diff = shorten(show(event.diff), LONGEST_DIFF);
  return {
    host,
    task: show(event.task),
    outcome,
    ...(says !== '' && { says: shorten(says, LONGEST_LINE) }),
    ...(diff !== '' && { diff }),
    ...(outcome === 'changed' && { change: changeOf(event, texts) }),
    ...(event.unseen && { unseen: true }),
    ...(event.restarts && { restarts: true }),
  };
}

/** The digest is over what may be shown: it must not give away a secret that somebody guesses. */
function changeOf({ diff, change }: ResultEvent, { show }: RunTexts): TaskChange {
  const { files, added, removed, left_out: leftOut } = change;
  const digest = createHash('sha256')
    .update(`${show(diff)}${leftOut}`)
    .digest('hex');
  return { files: files.map(show), added, removed, digest };
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

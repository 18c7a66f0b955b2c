import type { BodyCondition, CheckTarget } from '../../../domain/service-check.ts';
import { type Came, failed, passed } from './came.ts';
import type { Page } from './page.ts';

/** A pattern's time grows with a small power of this, and lines are tried only so long. */
const LONGEST_LINE = 300;
const PATIENCE_MS = 500;

type HttpTarget = Extract<CheckTarget, { kind: 'http' }>;

export function judgePage(target: HttpTarget, page: Page): Came {
  const came = `HTTP ${page.status}`;
  if (!target.status.includes(page.status)) return failed(came);
  const lacks = target.body && bodyLacks(target.body, page.body);
  if (lacks !== undefined) return failed(`${came} ${lacks}`);
  return certificateVerdict(came, target.certificateDays, page.daysLeft);
}

/** What was asked is well; whether the certificate is, too. */
export function certificateVerdict(
  came: string,
  wantedDays: number | undefined,
  daysLeft: number | undefined,
): Came {
  if (wantedDays === undefined) return passed(came);
  const said = `${came}, a certificate for ${daysLeft ?? 'no known number of'} days more`;
  return daysLeft !== undefined && daysLeft >= wantedDays ? passed(said) : failed(said);
}

function bodyLacks(condition: BodyCondition, body: string): string | undefined {
  if (condition.kind === 'contains') {
    return body.includes(condition.text) ? undefined : 'without the text';
  }
  const pattern = new RegExp(condition.pattern, 'u');
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (const line of body.split(/\r?\n/)) {
    if (pattern.test(line.slice(0, LONGEST_LINE))) return undefined;
    if (performance.now() > giveUpAt) return 'and its lines took too long to match';
  }
  return 'without a matching line';
}

import type { CheckTarget } from '../../../domain/service-check.ts';
import { type Came, failed, passed } from './came.ts';
import { hours } from './expected.ts';
import { momentOf, type Page } from './page.ts';

type RepositoryTarget = Extract<CheckTarget, { kind: 'repository' }>;
type Format = RepositoryTarget['format'];

/** Clocks differ. */
const AHEAD_MS = 10 * 60_000;

/** What tells that a repository is there, below its path. */
const INDEX: Readonly<Record<Format, string>> = {
  debian: 'Release',
  rpm: 'repodata/repomd.xml',
  haiku: 'repo.sha256',
};

export function indexPath({ path, format }: RepositoryTarget): string {
  return `${path.replace(/\/$/, '')}/${INDEX[format]}`;
}

export function judgeRepository(target: RepositoryTarget, page: Page, now: number): Came {
  const { format, olderThanMs } = target;
  if (page.status !== 200) return failed(`HTTP ${page.status} for ${INDEX[format]}`);
  const madeAt = MADE_AT[format](page);
  if (madeAt === undefined) return failed(`something that is no ${INDEX[format]}`);
  if (madeAt > now + AHEAD_MS) return failed(`an index of ${hours(madeAt - now)} ahead`);
  const came = `an index ${hours(Math.max(0, now - madeAt))} old`;
  return now - madeAt <= olderThanMs ? passed(came) : failed(came);
}

/** When an index was made, as it says itself where its format can; undefined when it is none. */
const MADE_AT: Readonly<Record<Format, (page: Page) => number | undefined>> = {
  debian: ({ body }) => {
    const [, date] = /^Date: (.+)$/m.exec(body) ?? [];
    return /^(?:Suite|Codename): /m.test(body) ? momentOf(date) : undefined;
  },
  rpm: ({ body }) => {
    if (!/<repomd[ >]/.test(body) || !body.includes('</repomd>')) return undefined;
    const times = [...body.matchAll(/<timestamp>(\d{1,12})(?:\.\d+)?<\/timestamp>/g)];
    return times.length === 0 ? undefined : Math.max(...times.map(([, at]) => Number(at) * 1000));
  },
  // Nothing inside says it, so what the server says of the file has to do.
  haiku: ({ body, modifiedAt }) => (/^[0-9a-f]{64}\b/.test(body) ? modifiedAt : undefined),
};

import { anchorFile } from '../../adapters/audit/anchor-file.ts';
import { committed } from '../../adapters/audit/anchor-repository.ts';
import { redisRetention } from '../../adapters/store/redis-retention.ts';
import { startAnchoring } from '../../bot/audit/start-anchoring.ts';
import type { Follower } from '../../bot/feed/follow-feed.ts';
import type { Program } from '../program.ts';
import { signerOf } from '../signing.ts';
import { anchorsPath } from './anchors-of.ts';

const DAY_MS = 24 * 60 * 60_000;

export interface AnchoringTimes {
  /** Five minutes when absent. */
  readonly anchoredEveryMs?: number;
}

/** The bot anchors what it hears, in its data folder and where the configuration says. */
export function startAnchors(
  program: Program,
  report: (problem: unknown) => void,
  { anchoredEveryMs }: AnchoringTimes,
): Follower {
  const { configuration, journal, auditStore, signing, now } = program;
  const { settings } = configuration;
  const file = anchorsPath(settings);
  const { repository } = settings.audit;
  const anchors = anchorFile(file);
  return startAnchoring({
    journal,
    store: auditStore,
    anchors: repository ? committed(anchors, { file, repository, report }) : anchors,
    signer: signerOf(signing),
    now,
    report,
    ...(anchoredEveryMs !== undefined && { everyMs: anchoredEveryMs }),
    ...retentionOf(program),
  });
}

function retentionOf({ configuration, store, auditStore, now }: Program) {
  const { keepDays } = configuration.settings.audit;
  if (keepDays === undefined) return {};
  const redis = store.connection('commands');
  const keepMs = keepDays * DAY_MS;
  return { retention: redisRetention(redis, { store: auditStore, keepMs, now }) };
}

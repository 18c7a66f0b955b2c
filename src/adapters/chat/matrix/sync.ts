import { Failure } from '../../../domain/failure.ts';
import type { ChatMemory } from '../../chat-memory.ts';
import { type Homeserver, saidBy } from './homeserver.ts';
import { SYNC_FILTER, SyncAnswer } from './sync-answer.ts';

const POLL_MS = 30_000;
const PATIENCE_MS = 45_000;

/** Where the bot got to in what the server tells it; kept only after what came before it was kept. */
export interface SyncPlace {
  read(): Promise<string | undefined>;
  keep(token: string): Promise<void>;
}

/** Another account of ours begins anew. */
export function syncPlace(memory: ChatMemory, ownId: string): SyncPlace {
  const name = `sync token of ${ownId}`;
  return {
    // An empty one is where the server did not know the last one any more.
    read: async () => (await memory.get(name)) || undefined,
    keep: (token) => memory.set(name, token),
  };
}

export interface Synced {
  readonly answer: SyncAnswer;
  /** Undefined where everything begins now. */
  readonly since: string | undefined;
}

/** What is new since then; waits for it unless `wait` is `none`. */
export async function syncOnce(
  server: Homeserver,
  since: string | undefined,
  wait: 'none' | 'long',
): Promise<Synced> {
  const isLong = wait === 'long' && since !== undefined;
  const call = (from: string | undefined) =>
    server.call({
      method: 'GET',
      path: '/_matrix/client/v3/sync',
      what: 'say what is new',
      query: {
        filter: SYNC_FILTER,
        timeout: isLong ? POLL_MS : 0,
        ...(from !== undefined && { since: from }),
      },
      answer: SyncAnswer,
      patienceMs: PATIENCE_MS,
    });
  try {
    return { answer: await call(since), since };
  } catch (problem) {
    if (since === undefined || saidBy(problem)?.statusCode !== 400) throw problem;
    return { answer: await call(undefined), since: undefined };
  }
}

const AWAY: ReadonlySet<string> = new Set([
  'matrix.no-connection',
  'matrix.login-refused',
  'matrix.not-understood',
]);

/** Whether it is the homeserver that cannot be talked to, and not our own store. */
export function isAway(problem: unknown): boolean {
  return problem instanceof Failure && AWAY.has(problem.code);
}

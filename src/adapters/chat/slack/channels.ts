import * as z from 'zod';
import { noAnswer } from './slack-failure.ts';
import type { Answer, WebApi } from './web-api.ts';

const LOOK_AGAIN_MS = 30_000;
const MOST_PAGES = 50;

/** What we call a channel, and what Slack calls it. */
export interface Channels {
  /** Settles when it was looked where we are. A Failure when Slack did not say so, and a name of the configuration has no id. */
  look(): Promise<void>;
  /** Something comes from a channel. Looks again where it may be one of ours to which we were invited since. */
  hearOf(id: string): Promise<void>;
  /** Slack's id; undefined while we are not in a channel of that name. */
  idOf(channel: string): Promise<string | undefined>;
  /** As the configuration writes it; undefined for a channel that is none of ours. */
  nameOf(id: string): string | undefined;
  /** Those of the configuration that we are not in. */
  missing(): readonly string[];
}

const Page = z.object({
  channels: z.array(z.object({ id: z.string(), name: z.string().optional() })),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/**
 * Names are looked up among the channels that we are in (https://docs.slack.dev/reference/methods/users.conversations), once:
 * a channel that is renamed later stays the one that it was.
 */
export function knowChannels(
  api: WebApi,
  configured: readonly string[],
  now: () => number,
): Channels {
  const ids = new Map(configured.filter(isId).map((id) => [id, id]));
  const inside = new Set<string>();
  const heardOf = new Set<string>();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;

  /** Whoever asks meanwhile waits for the same. */
  function look(): Promise<void> {
    looking ??= readAll().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  async function readAll(): Promise<void> {
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const args = { types: 'public_channel,private_channel', exclude_archived: true, limit: 200 };
      const answer = await api.call('users.conversations', { ...args, ...(cursor && { cursor }) });
      const found = Page.safeParse(answer.kind === 'done' ? answer.body : undefined);
      if (!found.success && isLacking()) throw noAnswer('which channels we are in', whyNot(answer));
      if (!found.success) break;
      for (const { id, name } of found.data.channels) note(id, name);
      cursor = found.data.response_metadata?.next_cursor;
      if (!cursor) break;
    }
    lookedAt = now();
  }

  function isLacking(): boolean {
    return configured.some((one) => !ids.has(one));
  }

  function nameOf(id: string): string | undefined {
    if (isPrivate(id)) return id;
    return configured.find((channel) => ids.get(channel) === id);
  }

  function note(id: string, name: string | undefined): void {
    inside.add(id);
    const written = configured.find((one) => one === `#${name}`);
    if (written !== undefined && !ids.has(written)) ids.set(written, id);
  }

  return {
    look,
    async hearOf(id) {
      if (nameOf(id) !== undefined || !isLacking()) return;
      if (heardOf.has(id) && now() - lookedAt <= LOOK_AGAIN_MS) return;
      await look();
      heardOf.add(id);
    },
    async idOf(channel) {
      if (isPrivate(channel)) return channel;
      if (!ids.has(channel) && now() - lookedAt > LOOK_AGAIN_MS) await look();
      return ids.get(channel);
    },
    nameOf,
    missing: () => configured.filter((one) => !inside.has(ids.get(one) ?? '')),
  };
}

function whyNot(answer: Answer): string {
  if (answer.kind === 'unknown') return answer.because;
  return answer.kind === 'refused' ? answer.error : 'its answer was not understood';
}

function isId(channel: string): boolean {
  return /^[CG][A-Z0-9]{5,}$/.test(channel);
}

/** A conversation with one person. */
export function isPrivate(channel: string): boolean {
  return /^D[A-Z0-9]+$/.test(channel);
}

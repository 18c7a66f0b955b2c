import * as z from 'zod';
import type { WebApi } from './web-api.ts';

/** Who a user of Slack is to us. */
export type Judged =
  | { readonly kind: 'member'; readonly shown: string }
  | {
      readonly kind: 'refused';
      readonly shown: string;
      readonly because: string;
      readonly next: string;
    };

export interface People {
  /** `cached` may be half a minute old, for talk; approvals need `fresh`. */
  who(user: string, freshness: 'cached' | 'fresh'): Promise<Judged>;
}

const REMEMBERED_MS = 30_000;
const REMEMBERED = 500;
const PATIENCE_MS = 5_000;

const UserAnswer = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string().optional(),
    name: z.string().optional(),
    deleted: z.boolean().optional(),
    is_bot: z.boolean().optional(),
    is_app_user: z.boolean().optional(),
    is_restricted: z.boolean().optional(),
    is_ultra_restricted: z.boolean().optional(),
    is_stranger: z.boolean().optional(),
    profile: z
      .object({ display_name: z.string().optional(), real_name: z.string().optional() })
      .optional(),
  }),
});
type User = z.infer<typeof UserAnswer>['user'];

/** Asks users.info (https://docs.slack.dev/reference/methods/users.info): what an event says of its author is not enough. */
export function askPeople(api: WebApi, team: string, now: () => number): People {
  const known = new Map<string, { readonly judged: Promise<Judged>; readonly at: number }>();

  async function ask(user: string): Promise<Judged> {
    const answer = await api.call('users.info', { user }, PATIENCE_MS);
    if (answer.kind === 'done') {
      const parsed = UserAnswer.safeParse(answer.body);
      if (parsed.success && parsed.data.user.id === user) return judge(parsed.data.user, team);
      return silent(user, 'its answer was not understood');
    }
    if (answer.kind === 'unknown') return silent(user, answer.because);
    const isStranger = answer.error === 'user_not_found' || answer.error === 'user_not_visible';
    return isStranger ? foreign(user) : silent(user, answer.error);
  }

  return {
    who(user, freshness) {
      const before = known.get(user);
      if (freshness === 'cached' && before && now() - before.at < REMEMBERED_MS)
        return before.judged;
      const judged = ask(user);
      known.delete(user);
      known.set(user, { judged, at: now() });
      const [oldest] = known.keys();
      if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
      return judged;
    },
  };
}

/** Only a full member of the workspace itself is somebody. */
export function judge(user: User, team: string): Judged {
  const shown = user.profile?.display_name || user.profile?.real_name || user.name || user.id;
  const refused = (because: string, next: string) =>
    ({ kind: 'refused', shown, because, next }) as const;
  if (user.deleted)
    return refused('your account in Slack is deactivated', 'Ask for it to be activated.');
  if (user.is_bot || user.is_app_user || user.id === 'USLACKBOT') {
    return refused('you are an app, and apps may do nothing here', 'Let a person ask for it.');
  }
  if (user.is_stranger || user.team_id !== team) return { ...foreign(shown) };
  if (user.is_restricted || user.is_ultra_restricted) {
    return refused('you are a guest of this workspace', 'Ask a member to do it.');
  }
  return { kind: 'member', shown };
}

export function foreign(shown: string): Judged {
  return {
    kind: 'refused',
    shown,
    because: 'you belong to another workspace than this bot',
    next: 'Ask somebody of this workspace.',
  };
}

function silent(shown: string, because: string): Judged {
  return {
    kind: 'refused',
    shown,
    because: `Slack did not say who you are (${because})`,
    next: 'Try again in a moment.',
  };
}

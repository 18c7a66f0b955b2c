import * as z from 'zod';
import type { Own } from './payload.ts';
import { loginRefused, noAnswer, otherTeam } from './slack-failure.ts';
import type { WebApi } from './web-api.ts';

const Tested = z.object({
  team_id: z.string(),
  team: z.string().optional(),
  user: z.string().optional(),
  user_id: z.string(),
  bot_id: z.string().optional(),
  response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
});

export interface LoggedIn extends Own {
  /** What people see of the workspace and of us. */
  readonly shown: { readonly team: string; readonly user: string };
  readonly scopes: readonly string[];
}

/**
 * Who the token makes us (https://docs.slack.dev/reference/methods/auth.test), which has to be somebody in that workspace. Throws
 * a Failure.
 */
export async function logIn(api: WebApi, team: string): Promise<LoggedIn> {
  const answer = await api.call('auth.test', {}, 5_000);
  if (answer.kind === 'unknown') throw noAnswer('who we are', answer.because);
  if (answer.kind === 'refused') throw refusedAs(answer.error);
  const tested = Tested.safeParse(answer.body);
  if (!tested.success) throw noAnswer('who we are', 'its answer was not understood');
  const { team_id, user_id, bot_id, response_metadata } = tested.data;
  if (team_id !== team) throw otherTeam(`${tested.data.team ?? ''} (${team_id})`, team);
  return {
    team,
    user: user_id,
    bot: bot_id,
    shown: { team: tested.data.team ?? team, user: tested.data.user ?? user_id },
    scopes: response_metadata?.scopes ?? [],
  };
}

function refusedAs(error: string) {
  return error === 'ratelimited' || error === 'stopped'
    ? noAnswer('who we are', error)
    : loginRefused("the bot's token", error);
}

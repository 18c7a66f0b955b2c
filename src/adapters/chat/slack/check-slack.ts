import { printable } from '../../../bot/grammar/printable.ts';
import { boltLogger } from './bolt-logger.ts';
import { knowChannels } from './channels.ts';
import { readCredential } from './credentials.ts';
import { logIn } from './login.ts';
import { SCOPES } from './scopes.ts';
import { loginRefused, noAnswer, scopesMissing } from './slack-failure.ts';
import type { SlackOptions } from './slack-options.ts';
import { openWebApi, type WebApi } from './web-api.ts';

/** Tries the tokens and reads the scopes; opens no connection, since events would come to it. Throws a Failure. */
export async function checkSlack(options: SlackOptions, signal: AbortSignal): Promise<string> {
  const { secrets, botTokenFile, api: url, team, way } = options;
  const logger = boltLogger(() => undefined);
  const open = (token: string) => openWebApi({ url, token, logger, signal });
  const api = open(
    await readCredential({ name: 'bot-token', file: botTokenFile }, secrets, signal),
  );
  const { shown, scopes } = await logIn(api, team);
  const missing = SCOPES.filter((scope) => !scopes.includes(scope));
  if (missing.length > 0) throw scopesMissing(missing);
  if (way.kind === 'socket') {
    await tryAppToken(
      open(await readCredential({ name: 'app-token', file: way.appTokenFile }, secrets, signal)),
    );
  } else {
    await readCredential({ name: 'signing-secret', file: way.signingSecretFile }, secrets, signal);
  }
  const where = await inChannels(api, options);
  return printable(`${shown.team} (${team}) let us in as ${shown.user}, by ${way.kind}; ${where}`);
}

async function tryAppToken(api: WebApi): Promise<void> {
  const answer = await api.call('apps.connections.open', {}, 2_000);
  if (answer.kind === 'refused') throw loginRefused("the app's token", answer.error);
  if (answer.kind === 'unknown') throw noAnswer('where to connect to', answer.because);
}

async function inChannels(api: WebApi, { channels }: SlackOptions): Promise<string> {
  const known = knowChannels(api, channels, () => performance.now());
  await known.look();
  const missing = known.missing();
  const inside = channels.filter((channel) => !missing.includes(channel));
  const words = inside.length > 0 ? `in ${inside.join(', ')}` : 'in none of its channels';
  return missing.length > 0 ? `${words}, but not in ${missing.join(', ')}: /invite it` : words;
}

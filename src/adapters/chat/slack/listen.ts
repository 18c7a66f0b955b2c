import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@slack/web-api';
import { Failure, rootMessage } from '../../../domain/failure.ts';
import { backOff } from '../common/back-off.ts';
import { readCredential } from './credentials.ts';
import type { Inbox } from './inbox.ts';
import { listenForRequests } from './receive-http.ts';
import { openSocket } from './receive-socket.ts';
import type { SlackOptions } from './slack-options.ts';

export interface ListenOptions extends Pick<SlackOptions, 'way' | 'api' | 'secrets'> {
  /** Settles with where deliveries go, once it is known who we are; asked again after it failed. */
  readonly prepare: () => Promise<Inbox>;
  /** Events come from now on; `awayMs` when they did before. */
  readonly opened: (awayMs: number | undefined) => void;
  readonly closed: () => void;
  readonly tempo: number;
  readonly logger: Logger;
  readonly log: (message: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Receives until it is stopped. Throws a Failure for what is missing on this machine; that Slack is away is not our fault, and
 * is waited out. `ended` settles when everything is closed.
 */
export async function listenToSlack(
  options: ListenOptions,
): Promise<{ readonly ended: Promise<void> }> {
  const { way, signal, secrets } = options;
  if (way.kind === 'socket') {
    const appToken = () =>
      readCredential({ name: 'app-token', file: way.appTokenFile }, secrets, signal);
    await appToken();
    return { ended: keepSocket(options, appToken) };
  }
  const secret = { name: 'signing-secret', file: way.signingSecretFile } as const;
  const signingSecret = await readCredential(secret, secrets, signal);
  let inbox: Inbox | undefined;
  const close = await listenForRequests({
    listen: way.listen,
    signingSecret,
    log: options.log,
    now: Date.now,
    refuse: (body, because) => inbox?.refuse(body, because),
    async receive(delivery) {
      if (inbox === undefined) throw new Error('nobody knows yet who we are');
      await inbox.receive(delivery);
    },
  });
  const ended = keepListening(options, (ready) => {
    inbox = ready;
  }).finally(close);
  return { ended };
}

async function keepListening(options: ListenOptions, begin: (inbox: Inbox) => void): Promise<void> {
  const inbox = await prepared(options);
  if (inbox === undefined) return;
  begin(inbox);
  options.opened(undefined);
  await aborted(options.signal);
  options.closed();
}

async function keepSocket(options: ListenOptions, appToken: () => Promise<string>): Promise<void> {
  const { api: url, logger, signal, tempo, opened, closed } = options;
  const say = sayOnce(options.log);
  const inbox = await prepared(options);
  let failures = 0;
  let lostAt: number | undefined;
  while (inbox !== undefined && !signal.aborted) {
    try {
      const token = await appToken();
      const receive = inbox.receive;
      const socket = await openSocket({ url, appToken: token, receive, logger, signal });
      say('connected');
      failures = 0;
      opened(lostAt === undefined ? undefined : performance.now() - lostAt);
      const why = await socket.ended;
      closed();
      lostAt = performance.now();
      if (!signal.aborted) say(`the connection ended: ${why}`);
    } catch (problem) {
      say(`no connection: ${inWords(problem)}`);
      await pause(backOff(failures++) * tempo, signal);
    }
  }
}

/** Undefined when it was stopped before. */
async function prepared({
  prepare,
  tempo,
  log,
  signal,
}: ListenOptions): Promise<Inbox | undefined> {
  const say = sayOnce(log);
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      return await prepare();
    } catch (problem) {
      say(inWords(problem));
      await pause(backOff(failures) * tempo, signal);
    }
  }
  return undefined;
}

/** The same again is no news, and neither is that it works from the beginning. */
function sayOnce(log: (message: string) => void): (message: string) => void {
  let said = 'connected';
  return (message) => {
    if (message !== said) log(message);
    said = message;
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

function inWords(problem: unknown): string {
  return problem instanceof Failure ? `${problem.message}. ${problem.next}` : rootMessage(problem);
}

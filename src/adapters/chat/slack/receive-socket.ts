import { type App, type ReceiverEvent, SocketModeReceiver } from '@slack/bolt';
import type { Logger } from '@slack/web-api';
import * as z from 'zod';
import { rootMessage } from '../../../domain/failure.ts';
import type { Delivery } from './inbox.ts';

export interface SocketOptions {
  readonly url: string;
  readonly appToken: string;
  readonly receive: (delivery: Delivery) => Promise<void>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** One connection, from the moment when Slack said hello. */
export interface Socket {
  /** Settles with why it ended; then it brings nothing that could be acknowledged. */
  readonly ended: Promise<string>;
}

const HELLO_MS = 20_000;
const Disconnect = z.object({ type: z.literal('disconnect'), reason: z.string().default('') });

/**
 * Connects once; to connect again is the caller's. The library's own way of doing that leaves a rejection that nobody
 * handles, and waits for a close handshake that Slack does not finish. https://docs.slack.dev/apis/events-api/using-socket-mode
 */
export async function openSocket(options: SocketOptions): Promise<Socket> {
  const { url, appToken, receive, logger, signal } = options;
  const receiver = new SocketModeReceiver({
    appToken,
    logger,
    autoReconnectEnabled: false,
    installerOptions: {
      clientOptions: {
        slackApiUrl: url,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        timeout: 10_000,
      },
    },
    processEventErrorHandler: async ({ error }) => {
      logger.warn(`not acknowledged, so it comes again: ${rootMessage(error)}`);
      return false;
    },
  });
  const processEvent = ({ body, ack }: ReceiverEvent) =>
    receive({ body, ack: (response) => ack(response) });
  receiver.init({ processEvent } satisfies Pick<App, 'processEvent'> as App);

  const ended = Promise.withResolvers<string>();
  receiver.client.on('disconnected', () => ended.resolve('it was closed'));
  receiver.client.on('ws_message', (text: unknown) => {
    const reason = disconnectReason(text);
    if (reason !== undefined) ended.resolve(`Slack asks for another one (${reason})`);
  });
  const close = () => {
    ended.resolve('it was closed by us');
    receiver.client.disconnect().catch(() => undefined);
  };
  signal.addEventListener('abort', close, { once: true });
  void ended.promise.then(() => signal.removeEventListener('abort', close));
  try {
    await withinHello(receiver.client.start());
  } catch (problem) {
    close();
    throw problem;
  }
  return { ended: ended.promise };
}

async function withinHello(started: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('it did not say hello')), HELLO_MS);
  try {
    await Promise.race([started, late.promise]);
  } catch (problem) {
    throw problem ?? new Error('it was closed before it said hello');
  } finally {
    clearTimeout(timer);
  }
}

function disconnectReason(text: unknown): string | undefined {
  if (typeof text !== 'string' || !text.includes('"disconnect"')) return undefined;
  try {
    return Disconnect.safeParse(JSON.parse(text)).data?.reason;
  } catch {
    return undefined;
  }
}

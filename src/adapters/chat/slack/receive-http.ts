import type { Server } from 'node:http';
import { type App, HTTPReceiver, type ReceiverEvent } from '@slack/bolt';
import type { Logger } from '@slack/web-api';
import { rootMessage } from '../../../domain/failure.ts';
import type { Delivery } from './inbox.ts';
import { cannotListen } from './slack-failure.ts';

export interface HttpOptions {
  /** `127.0.0.1:3001` */
  readonly listen: string;
  readonly signingSecret: string;
  readonly receive: (delivery: Delivery) => Promise<void>;
  readonly logger: Logger;
}

/** Where requests have to go. */
export const PATH = '/slack/events';
const BODY_LIMIT = 1024 * 1024;
const MOST_SKEW_S = 5 * 60;

class EarlyRequest extends Error {}

/**
 * Receives what Slack signed within the last five minutes, by the body as it came
 * (https://docs.slack.dev/authentication/verifying-requests-from-slack). What was signed for later is refused as well: it could be
 * sent again until then. Throws a Failure when the address cannot be had.
 */
export async function listenForRequests(options: HttpOptions): Promise<() => Promise<void>> {
  const { listen, signingSecret, receive, logger } = options;
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: [PATH],
    bodyLimit: BODY_LIMIT,
    logger,
    customPropertiesExtractor: ({ headers }) => ({
      at: Number(headers['x-slack-request-timestamp']),
    }),
    processEventErrorHandler: async ({ error, response }) => {
      logger.warn(`not acknowledged, so it comes again: ${rootMessage(error)}`);
      if (!response.headersSent) response.writeHead(error instanceof EarlyRequest ? 401 : 503);
      response.end();
      return true;
    },
  });
  const processEvent = async ({ body, ack, customProperties }: ReceiverEvent) => {
    const ahead = Number(customProperties?.at) - Date.now() / 1_000;
    if (!(ahead < MOST_SKEW_S)) throw new EarlyRequest('a request was signed for later than now');
    await receive({ body, ack: (response) => ack(response) });
  };
  receiver.init({ processEvent } satisfies Pick<App, 'processEvent'> as App);
  const server = await started(receiver, listen);
  return async () => {
    const stopped = receiver.stop();
    server.closeAllConnections();
    await stopped;
  };
}

async function started(receiver: HTTPReceiver, listen: string): Promise<Server> {
  const colon = listen.lastIndexOf(':');
  const host = listen.slice(0, colon).replace(/^\[|\]$/g, '');
  try {
    return (await receiver.start({ host, port: Number(listen.slice(colon + 1)) })) as Server;
  } catch (cause) {
    throw cannotListen(listen, cause);
  }
}

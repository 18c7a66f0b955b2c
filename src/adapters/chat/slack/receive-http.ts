import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { type App, HTTPModuleFunctions, HTTPReceiver, type ReceiverEvent } from '@slack/bolt';
import { rootMessage } from '../../../domain/failure.ts';
import { boltLogger } from './bolt-logger.ts';
import type { Inbox } from './inbox.ts';
import { judgeRequests } from './judge-request.ts';
import { logSparingly } from './log-sparingly.ts';
import { cannotListen } from './slack-failure.ts';

export interface HttpOptions extends Pick<Inbox, 'receive' | 'refuse'> {
  /** `127.0.0.1:3001` */
  readonly listen: string;
  readonly signingSecret: string;
  readonly log: (message: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Where requests have to go. */
export const PATH = '/slack/events';
const BODY_LIMIT = 1024 * 1024;

/**
 * Receives what Slack signed within the last five minutes, by the body as it came. What it signed for another time, or what comes
 * twice, is refused and told; what it did not sign is refused and logged. Throws a Failure when the address cannot be had.
 */
export async function listenForRequests(options: HttpOptions): Promise<() => Promise<void>> {
  const { listen, signingSecret, receive } = options;
  const log = logSparingly(options.log, options.now);
  const logger = boltLogger(log);
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: [PATH],
    bodyLimit: BODY_LIMIT,
    logger,
    processEventErrorHandler: async ({ error, response }) => {
      // Slack signed it, so it is nothing that anybody can fill the log with.
      options.log(`not acknowledged, so it comes again: ${rootMessage(error)}`);
      if (!response.headersSent) response.writeHead(503);
      response.end();
      return true;
    },
  });
  const processEvent = ({ body, ack }: ReceiverEvent) =>
    receive({ body, ack: (response) => ack(response) });
  receiver.init({ processEvent } satisfies Pick<App, 'processEvent'> as App);
  receiver.requestListener = judged(receiver.requestListener, { ...options, log });
  const server = await started(receiver, listen);
  return async () => {
    const stopped = receiver.stop();
    server.closeAllConnections();
    await stopped;
  };
}

/** Lets through what is to be taken. What nobody signed goes through as well, to be turned away there. */
function judged(through: RequestListener, options: HttpOptions): RequestListener {
  const { signingSecret, now, refuse, log } = options;
  const judge = judgeRequests(signingSecret, now);
  async function admit(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const buffered = await HTTPModuleFunctions.bufferIncomingMessage(request, BODY_LIMIT);
    const body = buffered.rawBody.toString();
    if (isForm(request) && isJson(body)) throw new Error('JSON was sent as a form');
    const verdict = judge({
      body,
      signature: headerOf(request, 'x-slack-signature'),
      timestamp: headerOf(request, 'x-slack-request-timestamp'),
      again: !isForm(request) && headerOf(request, 'x-slack-retry-num') !== '',
    });
    if (verdict.kind === 'refused') {
      log(`refused: ${verdict.because}`);
      HTTPModuleFunctions.buildNoBodyResponse(response, 401);
      refuse(HTTPModuleFunctions.parseHTTPRequestBody(buffered), verdict.because);
      return;
    }
    if (verdict.kind === 'signed') {
      response.once('finish', () => response.statusCode !== 200 && verdict.forget());
    }
    through(buffered, response);
  }
  return (request, response) => {
    if (!isOurs(request)) return through(request, response);
    admit(request, response).catch((problem) => {
      log(`not read: ${rootMessage(problem)}`);
      if (response.headersSent) return;
      HTTPModuleFunctions.buildNoBodyResponse(response, isTooLarge(problem) ? 413 : 400);
    });
  };
}

function isOurs({ method, url = '/' }: IncomingMessage): boolean {
  return method === 'POST' && new URL(url, 'http://localhost').pathname === PATH;
}

/** Slack brings only events again, which are JSON: https://docs.slack.dev/apis/events-api#retries */
function isForm({ headers }: IncomingMessage): boolean {
  return headers['content-type'] === 'application/x-www-form-urlencoded';
}

/** Nobody signs what a body is. Read as a form, an event has in it whatever fields somebody wrote into a message. */
function isJson(body: string): boolean {
  return body.trimStart().startsWith('{');
}

function headerOf({ headers }: IncomingMessage, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

function isTooLarge(problem: unknown): boolean {
  return HTTPModuleFunctions.isRawBodyError(problem) && problem.statusCode === 413;
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

import * as z from 'zod';
import type { Homeserver } from '../homeserver.ts';
import {
  KEYS_CLAIM,
  KEYS_QUERY,
  KEYS_UPLOAD,
  type Machine,
  type Request,
  TO_DEVICE,
} from './crypto-module.ts';

const Answer = z.looseObject({});

const PATHS: ReadonlyMap<number, string> = new Map([
  [KEYS_UPLOAD, 'keys/upload'],
  [KEYS_QUERY, 'keys/query'],
  [KEYS_CLAIM, 'keys/claim'],
]);

/** Asks the homeserver what the machine wants to have asked, and tells it the answer. */
export async function ask(server: Homeserver, machine: Machine, request: Request): Promise<void> {
  const { id, type, body } = request;
  const isToDevice = type === TO_DEVICE;
  const path = isToDevice
    ? `sendToDevice/${encodeURIComponent(request.eventType ?? '')}/${encodeURIComponent(request.txnId ?? '')}`
    : PATHS.get(type);
  // Backups and signatures of other people's keys are nothing that a bot has.
  if (path === undefined) return;
  const answer = await server.call({
    method: isToDevice ? 'PUT' : 'POST',
    path: `/_matrix/client/v3/${path}`,
    what: 'pass on keys',
    body: JSON.parse(body),
    answer: Answer,
  });
  await machine.markRequestAsSent(id, type, JSON.stringify(answer));
}

/** All that it wants to have asked now, or only of one type. */
export async function askAll(server: Homeserver, machine: Machine, only?: number): Promise<void> {
  for (const request of await machine.outgoingRequests()) {
    if (only === undefined || request.type === only) await ask(server, machine, request);
  }
}

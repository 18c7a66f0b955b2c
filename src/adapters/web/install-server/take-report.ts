import type { IncomingMessage } from 'node:http';
import type { GiveOptions } from './give-installer.ts';
import { parseReport } from './install-report.ts';
import { readBody } from './read-body.ts';
import { NOT_FOUND, type Reply, text } from './reply.ts';

const REFUSED = text('refused\n', 403);

/**
 * Takes the installer's report once. The same one again is thanked for again, since the first thanks may have got lost;
 * any other is refused without saying what was wrong with it.
 */
export async function takeReport(
  { tokens, log }: Pick<GiveOptions, 'tokens' | 'log'>,
  token: string,
  request: IncomingMessage,
): Promise<Reply> {
  const body = await readBody(request);
  if (body === undefined) return text('too large\n', 413);
  const known = await tokens.findReported(token);
  if (known === undefined) return NOT_FOUND;
  const report = parseReport(body, request.headers['content-type'] ?? '', known);
  const taken = report === undefined ? 'refused' : await tokens.report(token, report);
  if (taken !== 'refused') return text('taken\n');
  log(`a report for ${known.host} of ${known.op} was refused`);
  return REFUSED;
}

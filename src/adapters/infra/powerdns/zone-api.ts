import * as z from 'zod';
import { rootMessage } from '../../../domain/failure.ts';
import type { CnameChange, DnsRecord } from '../../../jobs/ports/dns-zone.ts';
import { callHttp, type HttpAnswer } from '../alertmanager/http.ts';
import type { Patience } from '../dns/ask-server.ts';
import { type DnsQuestion, failed, noAnswer, refused } from '../dns/dns-failure.ts';
import { plainValue } from '../dns/shown-records.ts';

/** What we rely on of a zone. https://doc.powerdns.com/authoritative/http-api/zone.html */
const ApiZone = z.object({
  kind: z.string(),
  soa_edit_api: z.string().optional(),
  rrsets: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      ttl: z.int(),
      records: z.array(z.object({ content: z.string(), disabled: z.boolean().default(false) })),
    }),
  ),
});
type ApiZone = z.infer<typeof ApiZone>;

export interface ZoneApi {
  /** As it is in the server's own store. */
  zone(zone: string, patience: Patience): Promise<ApiZone>;
  /** Records of a name there. */
  records(zone: string, name: string, patience: Patience): Promise<readonly DnsRecord[]>;
  /** Whatever the name is now, it is this alias afterwards. */
  put(zone: string, change: CnameChange, patience: Patience): Promise<void>;
}

export interface ZoneApiOptions {
  readonly base: URL;
  /** What the server calls itself. */
  readonly serverId: string;
  readonly ca: string | undefined;
  readonly key: string;
}

export function zoneApi({ base, serverId, ca, key }: ZoneApiOptions): ZoneApi {
  async function call(
    question: DnsQuestion,
    { zone, body }: { readonly zone: string; readonly body?: unknown },
    { timeoutMs, signal }: Patience,
  ): Promise<HttpAnswer> {
    const late = AbortSignal.timeout(timeoutMs);
    const method = body === undefined ? 'GET' : 'PATCH';
    const path = `/api/v1/servers/${encodeURIComponent(serverId)}/zones/${zone}.`;
    const url = new URL(`${base.pathname.replace(/\/$/, '')}${path}`, base);
    const request = { url, method, headers: { 'x-api-key': key }, ca, body } as const;
    try {
      return await callHttp({ ...request, signal: AbortSignal.any([signal, late]) });
    } catch (cause) {
      const because = late.aborted ? `nothing within ${timeoutMs / 1000} s` : rootMessage(cause);
      const effect = method === 'GET' || isUnsent(cause) ? 'none' : 'unknown';
      throw noAnswer(question, { because, effect, cause });
    }
  }

  async function read(zone: string, patience: Patience): Promise<ApiZone> {
    const question = { what: `for the zone ${zone}`, server: base.host };
    const answer = await call(question, { zone }, patience);
    if (answer.status !== 200) throw refused(question, said(answer));
    const parsed = parseZone(answer.text);
    if (parsed !== undefined) return parsed;
    throw refused(question, 'what answers is not the API of PowerDNS');
  }

  return {
    zone: read,
    async records(zone, name, patience) {
      const { rrsets } = await read(zone, patience);
      return rrsets.filter((set) => plainValue(set.name) === name).flatMap(toRecords);
    },
    async put(zone, change, patience) {
      const question = { what: `the change of ${change.name}`, server: base.host };
      const answer = await call(question, { zone, body: replacement(change) }, patience);
      if (answer.status >= 500) throw failed(question, said(answer));
      if (answer.status !== 204) throw refused(question, said(answer));
    },
  };
}

function replacement({ name, to, ttlS }: CnameChange) {
  const records = [{ content: `${to}.`, disabled: false }];
  return {
    rrsets: [{ name: `${name}.`, type: 'CNAME', ttl: ttlS, changetype: 'REPLACE', records }],
  };
}

function toRecords({ type, ttl, records }: ApiZone['rrsets'][number]): readonly DnsRecord[] {
  return records
    .filter(({ disabled }) => !disabled)
    .map(({ content }) => ({ type, value: plainValue(content), ttlS: ttl }));
}

function parseZone(text: string): ApiZone | undefined {
  try {
    return ApiZone.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** One line: an answer may be a page of a proxy. */
function said({ status, text }: HttpAnswer): string {
  const line = text
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 200);
  return `HTTP ${status}: ${line || 'no reason given'}`;
}

/** Nobody listens there, so nothing was sent. */
function isUnsent(problem: unknown): boolean {
  return problem instanceof Error && 'code' in problem && problem.code === 'ECONNREFUSED';
}

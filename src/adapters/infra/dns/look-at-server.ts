import type { Answer, SoaAnswer } from 'dns-packet';
import { rootMessage } from '../../../domain/failure.ts';
import type { DnsRecord, ServerAnswer } from '../../../jobs/ports/dns-zone.ts';
import { type Answered, askServer, type Patience, type Question } from './ask-server.ts';
import type { ServerAddress } from './server-address.ts';
import { plainValue } from './shown-records.ts';
import type { ZoneServer } from './zone-servers.ts';

export type Soa = SoaAnswer['data'] & { readonly serial: number };

/** What one server says of a name. The serial is read first, so that the records are at least as new. */
export async function lookAtServer(
  { name: server, address }: ZoneServer,
  { zone, name }: { readonly zone: string; readonly name: string },
  patience: Patience,
): Promise<ServerAnswer> {
  const place = { server, address: address.text };
  try {
    const { serial } = await soaOf(address, zone, patience);
    const records = await recordsAt(address, name, patience);
    return { kind: 'answered', ...place, records, serial };
  } catch (problem) {
    patience.signal.throwIfAborted();
    return { kind: 'silent', ...place, because: rootMessage(problem) };
  }
}

export async function soaOf(
  address: ServerAddress,
  zone: string,
  patience: Patience,
): Promise<Soa> {
  const { answers } = await askWithAuthority(address, { name: zone, type: 'SOA' }, patience);
  const found = answers.find((answer) => answer.type === 'SOA' && isOf(answer, zone));
  if (found === undefined) throw new Error(`it says nothing of a zone ${zone}`);
  return (found as SoaAnswer).data as Soa;
}

/** Names of the zone's servers, as its NS records have them. */
export async function nameServersOf(
  address: ServerAddress,
  zone: string,
  patience: Patience,
): Promise<readonly string[]> {
  const { answers } = await askWithAuthority(address, { name: zone, type: 'NS' }, patience);
  return answers
    .filter((answer) => answer.type === 'NS' && isOf(answer, zone))
    .map((answer) => shown(answer));
}

/** An alias has no other records. */
export async function recordsAt(
  address: ServerAddress,
  name: string,
  patience: Patience,
): Promise<readonly DnsRecord[]> {
  const found: DnsRecord[] = [];
  for (const type of ['CNAME', 'A', 'AAAA'] as const) {
    const { answers } = await askWithAuthority(address, { name, type }, patience);
    const records = answers.filter((answer) => answer.type === type && isOf(answer, name));
    found.push(...records.map(toRecord));
    if (type === 'CNAME' && found.length > 0) break;
  }
  return found;
}

/** Throws where the server does not speak for the zone: a resolver, or one that no longer has it. */
async function askWithAuthority(
  address: ServerAddress,
  question: Question,
  patience: Patience,
): Promise<Answered> {
  const answered = await askServer(address, question, patience);
  const { rcode, isAuthoritative } = answered;
  if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') throw new Error(`it answers ${rcode}`);
  if (!isAuthoritative) throw new Error('it answers without authority');
  return answered;
}

function isOf(answer: Answer, name: string): boolean {
  return answer.name.toLowerCase() === name;
}

function toRecord(answer: Answer): DnsRecord {
  const ttlS = 'ttl' in answer ? (answer.ttl ?? 0) : 0;
  return { type: answer.type, value: shown(answer), ttlS };
}

function shown(answer: Answer): string {
  return plainValue('data' in answer ? String(answer.data) : '');
}

import { printable } from '../../../bot/grammar/printable.ts';
import type { CheckTarget } from '../../../domain/service-check.ts';
import { resolverFor } from './address-of.ts';
import { type Came, failed, passed } from './came.ts';

const MOST_SHOWN = 160;

type DnsTarget = Extract<CheckTarget, { kind: 'dns' }>;

/** Asks the server at an address. Names are compared without regard to case and to a dot at their end. */
export async function askNameServer(
  { record, type, answer, port }: DnsTarget,
  address: string,
  signal: AbortSignal,
): Promise<Came> {
  const at = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  const found = await records(resolverFor([at], signal), record, type);
  const came = `${type} ${printable(found.join(' '), MOST_SHOWN)}`;
  const isAsWanted = isSame(found.map(plain(type)), answer.map(plain(type)));
  return isAsWanted ? passed(came) : failed(came);
}

async function records(
  resolver: ReturnType<typeof resolverFor>,
  record: string,
  type: DnsTarget['type'],
): Promise<readonly string[]> {
  switch (type) {
    case 'A':
      return resolver.resolve4(record);
    case 'AAAA':
      return resolver.resolve6(record);
    case 'CNAME':
      return resolver.resolveCname(record);
    case 'TXT':
      return (await resolver.resolveTxt(record)).map((parts) => parts.join(''));
    case 'MX': {
      const found = await resolver.resolveMx(record);
      return found.map(({ priority, exchange }) => `${priority} ${exchange}`);
    }
    default:
      return type satisfies never;
  }
}

function plain(type: DnsTarget['type']): (value: string) => string {
  if (type === 'TXT') return (value) => value;
  return (value) => value.toLowerCase().replace(/\.$/, '');
}

function isSame(found: readonly string[], wanted: readonly string[]): boolean {
  return JSON.stringify([...new Set(found)].sort()) === JSON.stringify([...new Set(wanted)].sort());
}

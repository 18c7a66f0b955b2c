import { isIP, isIPv6 } from 'node:net';
import * as z from 'zod';

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  /** `192.0.2.1:53`, `[2001:db8::1]:53` */
  readonly text: string;
}

const WITH_PORT = /^(?:\[(?<six>[^\]]+)\]|(?<four>[^:]+)):(?<port>\d{1,5})$/;
const DNS_PORT = 53;

/** Undefined for what is no address: names of servers are not looked up, since DNS is what may be broken. */
export function parseAddress(text: string): ServerAddress | undefined {
  if (isIP(text) !== 0) return addressOf(text, DNS_PORT);
  const { six, four, port } = WITH_PORT.exec(text)?.groups ?? {};
  const host = six ?? four ?? '';
  const number = Number(port);
  if (isIP(host) !== (six === undefined ? 4 : 6) || number < 1 || number > 65_535) return undefined;
  return addressOf(host, number);
}

export const AddressSetting = z.string().transform((text, context) => {
  const address = parseAddress(text);
  if (address !== undefined) return address;
  const message = 'expected an address such as 192.0.2.1, 192.0.2.1:5300 or "[2001:db8::1]:53"';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

function addressOf(host: string, port: number): ServerAddress {
  return { host, port, text: isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}` };
}

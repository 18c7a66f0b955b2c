import type { HostName } from '../../../domain/ids.ts';
import type { RemoteShell } from '../../../jobs/ports/remote-shell.ts';
import { Misbehaviour, NotAsked } from './came.ts';
import { type FetchPage, MOST_BODY, momentOf, type Page, type PageWanted } from './page.ts';

/** https://curl.se/docs/manpage.html#EXIT */
const EXITS: Readonly<Record<number, string>> = {
  6: 'no such name',
  7: 'connection refused',
  28: 'nothing in time',
  35: 'no TLS there',
  52: 'the connection was closed',
  56: 'the connection was reset',
  60: 'a certificate that is not valid for the name',
};
const NOT_THERE = [126, 127];

/** The other host's own curl, since that is the way from there: its resolver, its authorities, its routes. */
export function curlFetcher(
  shell: RemoteShell,
  from: HostName,
  address: string | undefined,
  timeoutMs: number,
): FetchPage {
  return async (wanted, signal) => {
    const argv = curlWords(wanted, address, timeoutMs);
    const { code, stdout, truncated } = await shell.run(from, { argv, timeoutMs }, signal);
    if (NOT_THERE.includes(code)) throw new NotAsked(`${from} has no curl`);
    if (code !== 0) throw new Misbehaviour(EXITS[code] ?? `curl on ${from} ended with ${code}`);
    return toPage(stdout, truncated);
  };
}

export function curlWords(
  { scheme, name, port, path }: PageWanted,
  address: string | undefined,
  timeoutMs: number,
): readonly string[] {
  const at = address?.includes(':') ? `[${address}]` : address;
  return [
    'curl',
    // First, or a configuration of that user would be read before it.
    '--disable',
    '--silent',
    '--include',
    '--http1.1',
    '--globoff',
    '--noproxy',
    '*',
    '--proto',
    `=${scheme}`,
    '--max-time',
    `${Math.ceil(timeoutMs / 1000)}`,
    ...(at === undefined ? [] : ['--connect-to', `${name}:${port}:${at}:${port}`]),
    '--',
    `${scheme}://${name}:${port}${path}`,
  ];
}

/** What `--include` prints: status line and headers, an empty line, the body. */
export function toPage(printed: string, truncated: boolean): Page {
  const end = printed.indexOf('\r\n\r\n');
  const [first = '', ...headers] = printed.slice(0, end).split('\r\n');
  const [, status] = /^HTTP\/[0-9.]+ ([0-9]{3})(?: |$)/.exec(first) ?? [];
  if (end < 0 || status === undefined) throw new Misbehaviour('an answer that is not HTTP');
  const modified = headers.find((line) => /^last-modified:/i.test(line));
  const body = printed.slice(end + 4);
  return {
    status: Number(status),
    modifiedAt: momentOf(modified?.slice(modified.indexOf(':') + 1)),
    // What is kept of a long answer lacks its middle, and what stands after that is of no use.
    body: body.slice(0, truncated ? Math.floor(body.length / 2) : MOST_BODY),
    daysLeft: undefined,
  };
}

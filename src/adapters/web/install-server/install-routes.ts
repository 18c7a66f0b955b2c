import { HostName } from '../../../domain/ids.ts';

const GIVEN = 'ipxe|kernel|initrd|kickstart|preseed\\.cfg|user-data|meta-data|vendor-data|report';
const OF_TOKEN = new RegExp(`^/b/([0-9a-f]{40})/(${GIVEN})$`);
const OF_HOST = /^\/ipxe\/([^/]{1,253})$/;

export type Route =
  | { readonly kind: 'health' }
  | { readonly kind: 'host'; readonly host: HostName }
  | { readonly kind: 'token'; readonly token: string; readonly what: string };

/**
 * What a request asks for, or undefined. A path is compared as it was sent and never becomes the name of a file, so there
 * is nothing to climb out of. A query is not part of anything we give.
 */
export function installRoute(url: string): Route | undefined {
  if (url === '/health') return { kind: 'health' };
  const [, token, what] = OF_TOKEN.exec(url) ?? [];
  if (token !== undefined && what !== undefined) return { kind: 'token', token, what };
  const host = HostName.safeParse(OF_HOST.exec(url)?.[1]);
  return host.success ? { kind: 'host', host: host.data } : undefined;
}

export function allowedMethods(route: Route): readonly string[] {
  return route.kind === 'token' && route.what === 'report' ? ['POST'] : ['GET', 'HEAD'];
}

import { readFileSync } from 'node:fs';
import type { BindSite } from '../dns/bind-site.ts';
import type { Builders } from './builders.ts';

const AT_FIRST = 'dns: at node1';

interface Entry {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly what: string;
}

/** What the hub, libvirt, the DNS server and the nodes have on record since then, oldest first. */
export function onRecord(builders: Builders, bind: BindSite, since: number): readonly string[] {
  const all = [...switched(builders), ...lives(builders), ...pointed(bind), ...updated(builders)];
  const later = all.filter(({ at }) => at >= since).toSorted((a, b) => a.at - b.at);
  return later.map(({ what }) => what);
}

function switched({ farm }: Builders): readonly Entry[] {
  return farm.switched().map(({ at, builder, enabled }) => ({
    at,
    what: `hub: ${builder} ${enabled ? 'enabled' : 'disabled'}`,
  }));
}

function lives({ guests }: Builders): readonly Entry[] {
  return Object.values(guests).flatMap(({ name, lives }) =>
    lives().map(({ at, what }) => ({ at, what: `libvirt: ${name} ${what}` })),
  );
}

/** Where the name leads; another TTL is no other place. */
function pointed(bind: BindSite): readonly Entry[] {
  const lines = bind.log().matchAll(/^(\S+ \S+) .* adding an RR at '\S+' CNAME at-(\w+)\./gm);
  const changes = [...lines].map(([, at = '', node = '']) => ({
    at: Date.parse(at),
    what: `dns: at ${node}`,
  }));
  return changes.filter(({ what }, place) => what !== (changes[place - 1]?.what ?? AT_FIRST));
}

function updated({ updates }: Builders): readonly Entry[] {
  const lines = readFileSync(updates, { encoding: 'utf8', flag: 'a+' }).trim().split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const [at = '', node] = line.split(' ');
      return { at: Date.parse(at), what: `${node}: updated` };
    });
}

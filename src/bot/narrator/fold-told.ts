import type { ToldItem } from '../../jobs/ports/operation-threads.ts';
import { foldHosts } from '../grammar/fold-hosts.ts';

/** A name with a digit or a dot: any other word before a colon may be something else. */
const OF_A_HOST = /^(?=[a-z-]*[0-9.])(?<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?): (?<says>.+)$/;

/** What a step says alike of several hosts, once: `builder-[01-04]: mount failed`, where the first of them stood. */
export function foldTold(items: readonly ToldItem[]): readonly ToldItem[] {
  return [...Map.groupBy(items, sameness).values()].flatMap(folded);
}

/** Lines of no host are only like themselves. */
function sameness({ step, line, more, important, cursor }: ToldItem): string {
  const { says } = ofHost(line);
  return JSON.stringify(says === undefined ? cursor : [step, says, more, important]);
}

function folded(alike: readonly ToldItem[]): readonly ToldItem[] {
  const [first] = alike;
  const hosts = new Set(alike.flatMap(({ line }) => ofHost(line).host ?? []));
  if (first === undefined || hosts.size < 2) return alike;
  return [{ ...first, line: `${foldHosts(hosts)}: ${ofHost(first.line).says}` }];
}

function ofHost(line: string): { readonly host?: string; readonly says?: string } {
  return OF_A_HOST.exec(line)?.groups ?? {};
}

import type { GroupName } from '../domain/ids.ts';
import type { Person } from '../domain/inventory.ts';

/** In a rule's `to`: everybody, also people whom the directory does not know. */
const ANYONE = 'anyone';

/** Who asks: undefined is somebody whom the directory answered it does not know. An outage never gets this far. */
export type Asker = Person | undefined;

/** Whether somebody is in one of the groups. No groups at all is nobody. */
export function isMember(asker: Asker, groups: readonly string[]): boolean {
  if (groups.includes(ANYONE)) return true;
  return asker?.groups.some((group) => groups.includes(group)) ?? false;
}

/** `kim is in community`: what a refusal begins with, so that nobody has to guess what the bot saw. */
export function askerInWords(asker: Asker): string {
  if (asker === undefined) return 'the directory does not know you';
  if (asker.groups.length === 0) return `${asker.id} is in no group`;
  return `${asker.id} is in ${asker.groups.join(', ')}`;
}

/** What somebody does who is not in the groups. */
export function askSomebodyOf(groups: readonly string[]): string {
  return `Ask somebody of ${listOr(groups)}.`;
}

/** `a`, `a or b`, `a, b or c`; each once, in the order given. */
export function listOr(words: readonly string[]): string {
  const unique = [...new Set(words)];
  const last = unique.pop() ?? 'nobody';
  return unique.length === 0 ? last : `${unique.join(', ')} or ${last}`;
}

/** Of several lists, each group once. */
export function allGroups(lists: readonly (readonly GroupName[])[]): readonly GroupName[] {
  return [...new Set(lists.flat())];
}

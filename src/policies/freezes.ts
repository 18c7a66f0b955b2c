import type { Held } from './held.ts';
import { minute } from './minute.ts';

/** On every zone and environment. */
export const EVERYTHING = 'everything';

/** For some time nothing starts there; what runs goes on, and what is undone is undone. */
export interface Freeze {
  /** A zone, an environment, or everything. */
  readonly on: string;
  readonly because: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  /** Absent: until somebody thaws it. */
  readonly until?: number;
  /** What goes on nevertheless: commands, and whatever people of these groups ask for. */
  readonly except: { readonly commands: readonly string[]; readonly groups: readonly string[] };
  /** The person who set it, or where the configuration has it. */
  readonly set: { readonly by: string } | { readonly place: string };
}

/** What wants to start, or to pass a point of no return. */
export interface Starting {
  readonly command: string;
  readonly zone: string;
  /** Of the hosts that it is about; every environment of its zone where that is not known. */
  readonly environments: readonly string[];
  /** Of the person who asked for it; undefined where nobody could be asked. */
  readonly groups: readonly string[] | undefined;
  readonly now: number;
}

export type Frozen =
  | { readonly kind: 'open' }
  | { readonly kind: 'frozen'; readonly reasons: readonly string[] }
  | { readonly kind: 'unknown'; readonly because: string };

/** Whether a freeze is in the way. Not knowing who asks is no exemption. */
export function decideFreezes(
  freezes: readonly Freeze[],
  starting: Starting,
  prefix: string,
): Frozen {
  const standing = freezes.filter((freeze) => isInForce(freeze, starting.now));
  const concerning = standing.filter((freeze) => concerns(freeze, starting));
  const left = concerning.filter(({ except }) => !except.commands.includes(starting.command));
  const { groups } = starting;
  const sure = left.filter(({ except }) => !mayBeExempt(except.groups, groups));
  if (sure.length > 0) {
    return { kind: 'frozen', reasons: sure.map((freeze) => frozenInWords(freeze, prefix)) };
  }
  const [unsure] = groups === undefined ? left : [];
  if (unsure === undefined) return { kind: 'open' };
  const of = unsure.except.groups.join(', ');
  return { kind: 'unknown', because: `nobody could say who of ${of} may go on in the freeze` };
}

function mayBeExempt(exempt: readonly string[], groups: readonly string[] | undefined): boolean {
  if (groups === undefined) return exempt.length > 0;
  return exempt.some((group) => groups.includes(group));
}

/** Whether it is on what something is about. */
export function concerns(
  { on }: Freeze,
  { zone, environments }: Pick<Starting, 'zone' | 'environments'>,
): boolean {
  return on === EVERYTHING || on === zone || environments.includes(on);
}

export function isInForce({ from, until }: Freeze, now: number): boolean {
  return from <= now && (until === undefined || now < until);
}

/** `staging is frozen by ana since …`: who or where, why, from when until when, what goes on, and what ends it. */
export function frozenInWords({ on, because, from, until, except, set }: Freeze, prefix: string) {
  const till = until === undefined ? '' : ` until ${minute(until)}`;
  const when =
    'by' in set ? ` by ${set.by} since ${minute(from)}${till}` : ` from ${minute(from)}${till}`;
  const source = 'by' in set ? `${prefix}thaw ${on} ends it` : set.place;
  return `${on} is frozen${when}: "${because}"${exemptInWords(except)} (${source})`;
}

function exemptInWords({ commands, groups }: Freeze['except']): string {
  const exempt = [...commands, ...groups.map((group) => `what ${group} asks for`)];
  return exempt.length === 0 ? '' : `; except ${exempt.join(', ')}`;
}

const PREFIX = 'freeze/';

/** What a freeze is kept under, beside the locks by hand. */
export function freezeKey(on: string): string {
  return `${PREFIX}${on}`;
}

/** The freezes among what is kept by hand. */
export function freezesByHand(held: readonly Held[]): readonly Freeze[] {
  return held.flatMap(({ claim, since, byHand }) => {
    if (byHand === undefined || claim.kind !== 'lock' || !claim.key.startsWith(PREFIX)) return [];
    const { by, because, until, except = [] } = byHand;
    const end = until === undefined ? {} : { until };
    const on = claim.key.slice(PREFIX.length);
    const exempt = { commands: except, groups: [] };
    return [{ on, because, from: since, ...end, except: exempt, set: { by } }];
  });
}

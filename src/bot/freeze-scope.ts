import type { EnvironmentName, ZoneName } from '../domain/ids.ts';
import type { Host, Inventory } from '../domain/inventory.ts';
import { nearestWord } from '../domain/nearest-word.ts';
import type { ArgumentSpec, Arguments } from '../jobs/model/command-spec.ts';
import { authorize } from '../policies/authorize.ts';
import { EVERYTHING } from '../policies/freezes.ts';
import type { Target } from '../policies/target.ts';
import type { Bot } from './bot.ts';
import type { Asker, Reply } from './command.ts';
import { freshPerson } from './fresh-person.ts';
import { textOf } from './op-argument.ts';
import { refusal } from './refusal.ts';

export const FREEZE_SCOPE: ArgumentSpec = {
  name: 'scope',
  kind: 'word',
  required: true,
  expected: 'a zone or an environment such as staging, or everything',
};

/** What a freeze is on: each zone that has hosts in it keeps a record. */
export interface FreezeScope {
  readonly on: string;
  readonly zones: readonly ZoneName[];
}

/** What somebody may freeze, or thaw, now. They need the right on every environment that it is about. */
export async function freezable(
  command: 'freeze' | 'thaw',
  args: Arguments,
  asker: Asker,
  bot: Bot,
): Promise<{ readonly scope: FreezeScope; readonly by: string } | { readonly refused: Reply }> {
  const typed = textOf(args, 'scope') ?? '';
  const { hosts } = bot.inventory();
  const concerned = [...hosts.values()].filter((host) => isOn(typed, host));
  if (concerned.length === 0) return { refused: [unknown(typed, bot.inventory())] };
  const person = await freshPerson(asker, bot);
  if ('refused' in person) return person;
  const { known } = person;
  for (const target of targetsOf(typed, concerned)) {
    const ask = { person: known, command, risk: 'routine', target, from: asker } as const;
    const authorized = authorize(ask, bot.policy());
    if (authorized.kind === 'refuse') return { refused: [refusal(asker, authorized)] };
  }
  const zones = new Set(concerned.map(({ zone }) => zone));
  return { scope: { on: typed, zones: [...zones] }, by: known.id };
}

function isOn(typed: string, { zone, environment }: Host): boolean {
  return typed === EVERYTHING || typed === zone || typed === environment;
}

/** A right on some environments is none on everything, which may come to be more. */
function targetsOf(typed: string, concerned: readonly Host[]): readonly Target[] {
  if (typed === EVERYTHING) return [{}];
  const environments = new Set<EnvironmentName>(concerned.map(({ environment }) => environment));
  return [...environments].map((environment) => ({ environment }));
}

function unknown(typed: string, { hosts }: Inventory): string {
  const known = [...hosts.values()].flatMap(({ zone, environment }) => [zone, environment]);
  const near = nearestWord(typed, new Set([...known, EVERYTHING]));
  return `there is no zone or environment ${typed}${near ? `, did you mean ${near}?` : ''}`;
}

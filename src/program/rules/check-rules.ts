import type { LoadedConfiguration } from '../../adapters/config/load-configuration.ts';
import type { RuleTest } from '../../adapters/config/rule-tests.ts';
import { commandFacts } from '../../bot/grammar/command-facts.ts';
import { type Inner, readInner, type Understanding } from '../../bot/inner-command.ts';
import { UserId } from '../../domain/ids.ts';
import type { Person } from '../../domain/inventory.ts';
import { askBeforePlan, type Deed } from '../../jobs/engine/ask-of.ts';
import { type Ask, authorize } from '../../policies/authorize.ts';
import { explainRules } from '../../policies/explain.ts';
import { whenceInWords } from '../../policies/place.ts';
import type { Definitions } from '../definitions.ts';
import { policyOf } from '../policy-of.ts';
import { placeOf } from './place-of.ts';
import { unexpected } from './rule-outcome.ts';

export interface Checked {
  readonly rows: number;
  /** For each row that does not come to what was expected: where it stands, what differs, and why. */
  readonly failures: readonly (readonly string[])[];
}

/** Tries a table of expectations on the rules as they are configured. Asks nothing but the directory. */
export async function checkRules(
  tests: readonly RuleTest[],
  configuration: LoadedConfiguration,
  definitions: Definitions,
): Promise<Checked> {
  const site = { configuration, definitions };
  const failures: (readonly string[])[] = [];
  for (const test of tests) {
    const failure = await failureOf(test, site);
    if (failure !== undefined) failures.push(failure);
  }
  return { rows: tests.length, failures };
}

interface Site {
  readonly configuration: LoadedConfiguration;
  readonly definitions: Definitions;
}

async function failureOf(test: RuleTest, site: Site): Promise<readonly string[] | undefined> {
  const head = `${test.place}: ${inWords(test)}`;
  const person = await personOf(test, site);
  if (typeof person === 'string') return [`${head}: ${person}`];
  const deeds = deedsOf(test.command, site);
  if (typeof deeds === 'string') return [`${head}: ${deeds}`];
  const policy = policyOf(site);
  const from = placeOf(test.from, site.configuration.settings);
  for (const deed of deeds) {
    const ask: Ask = { ...deed, person, from };
    const wrong = unexpected(test.expect, authorize(ask, policy));
    if (wrong !== undefined) {
      return [`${head}: ${wrong}`, ...explainRules(ask, policy).map((line) => `  ${line}`)];
    }
  }
  return undefined;
}

function inWords({ who, command, from }: RuleTest): string {
  const whom = typeof who === 'string' ? who : `somebody of ${who.join(', ') || 'no group'}`;
  return `${whom}: ${command}${from ? ` from ${whenceInWords(from)}` : ''}`;
}

const SOMEBODY = UserId.parse('somebody');

/** A text where there is no such person, or nobody can say. */
async function personOf({ who }: RuleTest, { configuration }: Site): Promise<Person | string> {
  if (typeof who !== 'string') return { id: SOMEBODY, groups: who };
  const found = await configuration.directory.person(who, 'fresh');
  if (found.kind === 'person') return found.person;
  if (found.kind === 'nobody') return found.because;
  return `${found.directory} did not answer: ${found.because}`;
}

/** What the rules are asked for a command, once for each host; a text where it cannot be understood. */
function deedsOf(command: string, { configuration, definitions }: Site): readonly Deed[] | string {
  const { settings, inventory } = configuration;
  const understanding: Understanding = {
    prefix: settings.prefix,
    inventory: () => inventory,
    ...definitions,
  };
  const inner: Inner = readInner(command, understanding, commandFacts(inventory));
  if (inner.kind === 'refused') return inner.line;
  if (inner.kind === 'runbook') {
    return inner.inputs.map((input) => askBeforePlan(inner.runbook, input, inventory));
  }
  return inner.deed ? [inner.deed] : 'the operation that it is about decides, and no rule';
}

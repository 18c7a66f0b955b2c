import type { Glass } from '../jobs/glass/glass.ts';
import { TERMINAL } from '../policies/assurance.ts';
import type { Policy } from '../policies/policy.ts';
import type { Strength } from '../policies/strength.ts';
import type { Program } from './program.ts';

type Known = Pick<Program, 'configuration' | 'definitions'>;

/** What the configuration says now of who may do what, and what the networks that there are can prove. */
/** With what break-glass grants, where it is said which. */
export function policyOf(program: Known, glass?: Pick<Glass, 'rules'>): Policy {
  const { rules: ordinary, selfApproval } = program.configuration.settings;
  const rules = [...ordinary, ...(glass?.rules() ?? [])];
  return { rules, selfApproval, strength: strengthOf(program) };
}

function strengthOf({ configuration, definitions }: Known): Strength {
  const { networks, channels, assurance } = configuration.settings;
  const here = new Set([...networks.keys(), ...channels.map(({ network }) => network)]);
  return {
    ...assurance,
    here: [...here],
    networks: new Map([
      [TERMINAL.network, TERMINAL.assurance],
      ...definitions.networks.map((known) => [known.name, known.assurance] as const),
    ]),
  };
}

import type { EnvironmentName } from '../domain/ids.ts';
import type { Risk } from '../domain/risk.ts';
import { type Assurance, isAtLeast, type Proof, proofInWords, strongest } from './assurance.ts';
import { type Refusal, refuse } from './decision.ts';
import { listOr } from './membership.ts';
import type { Target } from './target.ts';

export type Deed = 'ask' | 'approve';

export type Needed = Readonly<Record<Deed, Proof>>;

/** What networks prove, and what has to be proved to change something. */
export interface Strength {
  /** One that is not among them proves nothing. */
  readonly networks: ReadonlyMap<string, Assurance>;
  /** Those that this site is on: what a refusal sends people to. */
  readonly here: readonly string[];
  /** Where an environment says nothing of its own. */
  readonly needed: Needed;
  readonly environments: ReadonlyMap<EnvironmentName, Partial<Needed>>;
}

/** Of a network as such, whoever speaks there. */
export interface StrengthAsk {
  readonly deed: Deed;
  readonly network: string | undefined;
  readonly risk: Risk;
  readonly target: Target | undefined;
}

/** A refusal where what is asked or approved takes more than the network can prove. Looking takes nothing. */
export function tooWeak(ask: StrengthAsk, strength: Strength): Refusal | undefined {
  const { deed, network, risk, target } = ask;
  if (deed === 'ask' && risk === 'read-only') return undefined;
  const needed = neededFor(deed, target, strength);
  if (network !== undefined && suffices(network, deed, needed, strength)) return undefined;
  return refuse(
    `${whatItProves(network, deed, strength)}; ${doing(deed, target)} takes ${proofInWords(needed)}`,
    sendElsewhere(deed, target, strength),
  );
}

/** What is in no environment that is known may be in any of them. */
function neededFor(deed: Deed, target: Target | undefined, strength: Strength): Proof {
  const { needed, environments } = strength;
  const environment = target?.environment;
  if (environment !== undefined) return environments.get(environment)?.[deed] ?? needed[deed];
  const others = [...environments.values()].map((own) => own[deed] ?? needed[deed]);
  return strongest([needed[deed], ...others]);
}

/** Networks of this site that would do. */
export function strongEnough(
  deed: Deed,
  target: Target | undefined,
  strength: Strength,
): readonly string[] {
  const needed = neededFor(deed, target, strength);
  return strength.here.filter((network) => suffices(network, deed, needed, strength));
}

function suffices(network: string, deed: Deed, needed: Proof, { networks }: Strength): boolean {
  const assurance = networks.get(network);
  if (assurance === undefined || (deed === 'approve' && assurance.may === 'ask')) return false;
  return isAtLeast(assurance.proves, needed);
}

function whatItProves(network: string | undefined, deed: Deed, { networks }: Strength): string {
  const assurance = network === undefined ? undefined : networks.get(network);
  if (assurance === undefined) return `nobody knows what ${network ?? 'that place'} can prove`;
  if (deed === 'approve' && assurance.may === 'ask') return `nobody approves from ${network}`;
  return `${network} proves no more than ${proofInWords(assurance.proves)}`;
}

function doing(deed: Deed, target: Target | undefined): string {
  const what = deed === 'ask' ? 'asking for this' : 'approving';
  const where = target?.environment ?? target?.host;
  return where === undefined ? what : `${what} in ${where}`;
}

function sendElsewhere(deed: Deed, target: Target | undefined, strength: Strength): string {
  const verb = deed === 'ask' ? 'Ask for it' : 'Approve it';
  const others = strongEnough(deed, target, strength);
  if (others.length > 0) return `${verb} on ${listOr(others)}.`;
  return 'No network of this site would do: assurance in signalbox.yaml says what is needed.';
}

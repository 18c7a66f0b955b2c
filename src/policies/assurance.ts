import type { NonEmpty } from '../domain/non-empty.ts';

/**
 * How a network knows who speaks, weakest first. `account`: an account at its services, which its servers say;
 * `session`: somebody who signed in to it, by whatever the organization asks for; `machine`: a user of the machine.
 */
export const PROOFS = ['account', 'session', 'machine'] as const;
export type Proof = (typeof PROOFS)[number];

/** What a network can prove, and what it is there for: where one may only ask, nobody approves, whatever it proves. */
export interface Assurance {
  readonly proves: Proof;
  readonly may: 'ask' | 'approve';
}

/** Of `signalbox run`: the Unix user of the peer. Whoever is root there is anybody, so it only asks. */
export const TERMINAL = {
  network: 'terminal',
  assurance: { proves: 'machine', may: 'ask' },
} as const;

export function proofInWords(proof: Proof): string {
  return {
    account: 'an account',
    session: 'a signed-in session',
    machine: 'a user of its machine',
  }[proof];
}

export function isAtLeast(proof: Proof, needed: Proof): boolean {
  return PROOFS.indexOf(proof) >= PROOFS.indexOf(needed);
}

/** Of several needs, the one that the others are part of. */
export function strongest(proofs: NonEmpty<Proof>): Proof {
  return proofs.reduce((most, proof) => (isAtLeast(proof, most) ? proof : most));
}

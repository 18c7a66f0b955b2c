import type { UserId } from '../domain/ids.ts';
import type { Rule } from './rule.ts';
import type { Strength } from './strength.ts';

/** What a site has decided about who may do what. */
export interface Policy {
  readonly rules: readonly Rule[];
  readonly strength: Strength;
  /** Whose approval of their own request counts; nobody's unless a site of one person says so. */
  readonly selfApproval: readonly UserId[];
}

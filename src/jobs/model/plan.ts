import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import * as z from 'zod';
import { HostName, PoolName, StepId, ZoneName } from '../../domain/ids.ts';
import { Json } from '../../domain/json.ts';
import { RISKS } from '../../domain/risk.ts';

/** So many approvals, by members of these groups. */
export const Demand = z.strictObject({
  count: z.int().positive(),
  groups: z.array(z.string()).readonly(),
});
export type Demand = Readonly<z.infer<typeof Demand>>;

/**
 * What an operation holds while it runs. A `lock` key is `host/NAME`, `service/NAME` or `pool/NAME`;
 * an `amount` is of something counted, such as `memory/vhost-01` in MiB.
 */
export const Claim = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('lock'), key: z.string() }),
  z.strictObject({ kind: z.literal('budget'), pool: PoolName, host: HostName }),
  z.strictObject({ kind: z.literal('amount'), of: z.string(), units: z.int().positive() }),
]);
export type Claim = Readonly<z.infer<typeof Claim>>;

export const PlannedStep = z.strictObject({
  id: StepId,
  /** The runbook's step definition. Found by this name, never by position. */
  uses: z.string(),
  with: Json,
  title: z.string(),
  target: z.string(),
  zone: ZoneName,
  risk: z.enum(RISKS),
  /**
   * `no`: there is no way back once it took effect. A `failed` result of such a step means that it left
   * nothing behind, so going back before it is still possible; anything else is `unknown`.
   */
  undo: z.enum(['yes', 'no', 'nothing-to-undo']),
  /** Rights, approvals and interlocks are asked again, past every cache, right before it. */
  recheck: z.boolean(),
  skippable: z.boolean(),
  /** What is left behind when it fails, in words for the channel. */
  leftBehind: z.string(),
  /** What keeps it from doing harm, in words, where that is not plain. */
  protects: z.string().exactOptional(),
  approvals: Demand.optional(),
});
export type PlannedStep = Readonly<z.infer<typeof PlannedStep>>;

const MayStart = z.strictObject({
  runbook: z.string(),
  hosts: z.array(HostName).readonly(),
  fixed: Json,
});

export const Plan = z.strictObject({
  runbook: z.strictObject({ name: z.string(), version: z.int().positive() }),
  input: Json,
  facts: Json,
  zone: ZoneName,
  steps: z.array(PlannedStep).readonly(),
  claims: z.array(Claim).readonly(),
  /** What would be another way afterwards, where planning could see it: a line each, for people. */
  changes: z.array(z.string()).readonly().optional(),
  /** What whoever approves it has to know besides: a line each. */
  notes: z.array(z.string()).readonly().optional(),
  /** Children that one approval covers: selector resolved to hosts, fixed arguments. They take claims of their own. */
  mayStart: MayStart.optional(),
  digest: z.string(),
});
/** What is approved and then run. The digest covers everything else in it; estimates and pool counts stay outside. */
export type Plan = Readonly<z.infer<typeof Plan>>;

/** What a runbook's `plan` gives, before it is sealed with a digest. */
export interface PlanDraft {
  readonly steps: readonly PlannedStep[];
  readonly claims: readonly Claim[];
  readonly changes?: readonly string[];
  readonly notes?: readonly string[];
  readonly mayStart?: Readonly<z.infer<typeof MayStart>>;
}

/** SHA-256 over the canonical JSON (RFC 8785), so that the order of keys does not matter. */
export function digestOf(value: unknown): string {
  return createHash('sha256')
    .update(canonicalize(value) ?? 'null')
    .digest('hex');
}

/** The digest of a plan as it stands, to be compared with the one it carries. */
export function digestOfPlan({ digest: _, ...rest }: Plan): string {
  return digestOf(rest);
}

/** What people type and compare: the first four characters of the digest. */
export function shortCode(plan: Pick<Plan, 'digest'>): string {
  return plan.digest.slice(0, 4);
}

/** The title of the step after which there is no way back, or undefined. */
export function pointOfNoReturn(plan: Pick<Plan, 'steps'>): PlannedStep | undefined {
  return plan.steps.find((step) => step.undo === 'no');
}

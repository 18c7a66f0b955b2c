import * as z from 'zod';
import { HostName, OpId, StepId, UserId } from '../../domain/ids.ts';
import { Json } from '../../domain/json.ts';
import { Claim, Demand, Plan } from './plan.ts';
import { Prompt } from './prompt.ts';

const WAYS = ['run', 'undo'] as const;
export type Way = (typeof WAYS)[number];

const ENDINGS = [
  'succeeded',
  'with-skips',
  'rolled-back',
  'cancelled',
  'refused',
  'expired',
  'abandoned',
] as const;
export type Ended = (typeof ENDINGS)[number];

/** What an approval counts for: one plan, or one step at its moment with the evidence that was shown. */
export const Subject = z.union([
  z.strictObject({ plan: z.string() }),
  z.strictObject({ step: StepId, evidence: z.string() }),
]);
export type Subject = Readonly<z.infer<typeof Subject>>;

const Wake = z.union([
  z.strictObject({ afterMs: z.number() }),
  z.strictObject({ on: z.enum(['child', 'claim']), atMostMs: z.number() }),
]);

export const Result = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('done'), output: Json }),
  /** Neither is ever undone. */
  z.strictObject({ kind: z.literal('already') }),
  z.strictObject({ kind: z.literal('skipped') }),
  /** `failed` left nothing behind; `unknown` may have taken effect. */
  z.strictObject({
    kind: z.enum(['failed', 'unknown']),
    code: z.string(),
    text: z.string(),
    next: z.string(),
  }),
]);
export type Result = Readonly<z.infer<typeof Result>>;

/** Where a message came from, so that answers and progress go back there. */
const Origin = z.strictObject({ network: z.string(), channel: z.string() });
export type Origin = Readonly<z.infer<typeof Origin>>;

/** Alerts about hosts, as far as the operation has to do with them. Renewals that change nothing are not written. */
const DowntimeEvent = z.strictObject({
  kind: z.literal('downtime'),
  /**
   * `begun`: silenced, and kept so. `failed`: could not be begun or renewed, and is tried again. `over`: taken back.
   * `left`: could not be taken back, and is over by itself at `until`.
   */
  state: z.enum(['begun', 'failed', 'over', 'left']),
  hosts: z.array(HostName).readonly(),
  because: z.string().optional(),
  until: z.number().optional(),
});

const because = z.string();
/** The break-glass that somebody did it under; absent where the directory vouched for them. */
const glass = z.string().optional();
const step = StepId;
const way = z.enum(WAYS);
const attempt = z.int().positive();

/** Everything that can happen to an operation. A kind is never removed and its meaning never changes. */
export const JournalEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('requested'),
    plan: Plan,
    command: z.string(),
    inventory: z.string(),
    /** What the rules demanded at the request; none when it may start at once. */
    demand: Demand.optional(),
    approvalExpiresAt: z.number(),
    /** How long it was expected to take. */
    estimateMs: z.number(),
    /** What it was expected to take from its pools, in words. */
    impact: z.string().optional(),
    host: HostName.optional(),
    origin: Origin,
    parent: OpId.optional(),
    glass,
  }),
  z.strictObject({
    kind: z.literal('approved'),
    subject: Subject,
    network: z.string(),
    /** By the very person who asked for it, whom the site lets do that. */
    own: z.literal(true).optional(),
    glass,
  }),
  z.strictObject({ kind: z.literal('denied'), subject: Subject, because, glass }),
  z.strictObject({ kind: z.literal('withdrawn'), subject: Subject, glass }),
  /** A step wants an approval of its own at its moment; `evidence` is what the subject's digest covers. */
  z.strictObject({
    kind: z.literal('approval-asked'),
    step,
    evidence: Json,
    subject: Subject,
    demand: Demand,
    expiresAt: z.number(),
  }),
  /** It was approved and cannot start now; said again only when the reason changes. */
  z.strictObject({ kind: z.literal('start-refused'), because }),
  /** `claims` and `place`: it stands in line for them, so many-th of those that want some of the same. */
  z.strictObject({
    kind: z.literal('claims-awaited'),
    because,
    claims: z.array(Claim).readonly().optional(),
    place: z.int().positive().optional(),
  }),
  z.strictObject({
    kind: z.literal('claimed'),
    claims: z.array(Claim).readonly(),
    /** Hosts that were out of service already, so that they cost nothing. */
    away: z.array(HostName).readonly().optional(),
  }),
  z.strictObject({ kind: z.literal('released'), claims: z.array(Claim).readonly() }),
  DowntimeEvent,
  /** Right before a point of no return, for now; said again only when the reason changes. */
  z.strictObject({ kind: z.literal('barred'), step, because }),
  z.strictObject({
    kind: z.literal('step-started'),
    step,
    way,
    attempt,
    epoch: z.int(),
    /** It goes on although nobody could find out whether a call before it took effect. */
    unproven: z.literal(true).optional(),
  }),
  z.strictObject({ kind: z.literal('intended'), step, preState: Json }),
  /** A call ended and nobody knows how: its answer was lost, or its worker. It is probed before anything goes on. */
  z.strictObject({
    kind: z.literal('interrupted'),
    step,
    way,
    attempt,
    because,
    /** How the call failed, where it was its answer that was lost and not its worker. */
    code: z.string().optional(),
    next: z.string().optional(),
  }),
  /** Written when the note or the memo changed, not at every poll. */
  z.strictObject({
    kind: z.literal('waiting'),
    step,
    way,
    wake: Wake,
    memo: Json,
    note: z.string(),
  }),
  z.strictObject({ kind: z.literal('step-ended'), step, way, attempt, result: Result }),
  /** `step` is the one that asked or failed. `memo` is what a step that asks wants back with the answer. */
  z.strictObject({ kind: z.literal('asked'), step, way, prompt: Prompt, memo: Json }),
  z.strictObject({ kind: z.literal('answered'), prompt: z.string(), word: z.string(), glass }),
  /** Nobody approved or answered what it waits for; `nth` counts since somebody last did. */
  z.strictObject({
    kind: z.literal('reminded'),
    nth: z.int().positive(),
    /** Also to those who hear of what nobody answers. */
    escalated: z.boolean(),
  }),
  /** From here on what was done is undone. */
  z.strictObject({ kind: z.literal('rolling-back'), because }),
  z.strictObject({ kind: z.literal('child-ended'), op: OpId, outcome: z.enum(ENDINGS) }),
  z.strictObject({ kind: z.literal('cancel-requested'), because, glass }),
  /** Takes effect at the next border between steps, or at the next poll of one that waits. */
  z.strictObject({ kind: z.literal('hold-requested'), because, glass }),
  /** Somebody wants to take its host from it, and the rules want more people to say so. */
  z.strictObject({ kind: z.literal('takeover-asked'), because, glass }),
  /** Its worker may do nothing more, whatever it was doing; the next one finds out how that ended, and holds it. */
  z.strictObject({ kind: z.literal('taken-over'), because, glass }),
  /**
   * How often in a row its runbook has failed on the host, with this one; none after a success. `quarantined`: that is
   * too often, so no group has the host until somebody releases it.
   */
  z.strictObject({
    kind: z.literal('failures-counted'),
    host: HostName,
    inARow: z.int().nonnegative(),
    quarantined: z.strictObject({ owner: UserId, because }).optional(),
  }),
  z.strictObject({ kind: z.literal('ended'), outcome: z.enum(ENDINGS), because, glass }),
  /** After its end: the report of it did not reach a program that wanted it. */
  z.strictObject({ kind: z.literal('report-undelivered'), webhook: z.string(), because }),
]);
export type JournalEvent = Readonly<z.infer<typeof JournalEvent>>;
export type EventOf<Kind extends JournalEvent['kind']> = Extract<JournalEvent, { kind: Kind }>;

export const Source = z.strictObject({ network: z.string(), message: z.string() });
/** The network's own id of the message: taken in once, however often it is delivered. */
export type Source = Readonly<z.infer<typeof Source>>;

export const Author = z.union([z.literal('engine'), UserId]);
export type Author = z.infer<typeof Author>;

/** A bot's signature of an entry that a person is the author of. `at` is the time of that bot, `value` base64url. */
export const Signature = z.strictObject({ key: z.string(), at: z.number(), value: z.string() });
export type Signature = Readonly<z.infer<typeof Signature>>;

/** An event of a kind that this version does not know is kept as it is and passed over by the fold. */
const UnknownEvent = z.looseObject({ kind: z.string() });

export const Entry = z.strictObject({
  v: z.literal(1),
  /** From 0, without gaps. */
  seq: z.int().nonnegative(),
  /** Milliseconds since 1970, by the store's clock. */
  at: z.number(),
  by: Author,
  /** SHA-256 of the entry before it, over its stored text; 64 zeros for the first. */
  prev: z.string(),
  source: Source.optional(),
  event: z.union([JournalEvent, UnknownEvent]),
  /** Of operation, zone and this entry without `at` and `prev`, which its author cannot know. */
  signature: Signature.optional(),
});
export type Entry = Readonly<z.infer<typeof Entry>> & {
  /** Why it does not count, as `it …`. Found by whoever reads it, and never stored. */
  readonly unvouched?: string;
};

const KNOWN: ReadonlySet<string> = new Set(
  JournalEvent.options.map((option) => option.shape.kind.value),
);

/** The event if this version knows its kind. */
export function knownEvent(entry: Entry): JournalEvent | undefined {
  return KNOWN.has(entry.event.kind) ? (entry.event as JournalEvent) : undefined;
}

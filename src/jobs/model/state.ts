import type { HostName, OpId, StepId, UserId } from '../../domain/ids.ts';
import type { Json } from '../../domain/json.ts';
import type { Author, Ended, EventOf, Result, Subject, Way } from './event.ts';
import type { Claim, Demand, PlannedStep } from './plan.ts';
import type { Prompt } from './prompt.ts';

export interface Approval {
  readonly by: UserId;
  readonly subject: Subject;
  readonly at: number;
  readonly network: string;
}

export type Phase =
  | {
      readonly kind: 'approval';
      readonly subject: Subject;
      readonly demand: Demand;
      readonly expiresAt: number;
    }
  /** `place`: in the line of those that want some of the same, from 1, when it was last said. */
  | { readonly kind: 'claims'; readonly because?: string; readonly place?: number }
  | { readonly kind: 'running'; readonly step: StepId; readonly way: Way }
  /** Everything was run, or everything was undone; only the end has to be written. */
  | { readonly kind: 'finished'; readonly way: Way }
  | {
      readonly kind: 'asking' | 'held';
      readonly prompt: Prompt;
      readonly step: StepId;
      readonly way: Way;
    }
  | { readonly kind: 'ended'; readonly outcome: Ended; readonly because: string };

/** The step that is being run or undone, over all its calls. */
export interface Current {
  readonly step: StepId;
  readonly way: Way;
  readonly attempt: number;
  /** The first attempt since a person last decided: the definition's tries count from here. */
  readonly firstAttempt: number;
  readonly startedAt: number;
  /** How long it waited for answers of people, and since when it waits for one now. */
  readonly askedMs: number;
  readonly askedAt?: number;
  /** False while it is only decided that it will be tried again. */
  readonly begun: boolean;
  readonly memo?: Json;
  readonly note?: string;
  readonly waitingSince?: number;
  readonly answer?: string;
  /** Why nobody knows how its last call ended. */
  readonly doubt?: {
    readonly because: string;
    readonly since: number;
    /** Present when the call failed without an answer; absent when its worker was lost. */
    readonly failure?: { readonly code: string; readonly next: string };
  };
  /** How often that happened in this attempt. */
  readonly interruptions: number;
  readonly failure?: { readonly result: Extract<Result, { code: string }>; readonly at: number };
}

/** One attempt that is over. */
export interface Timing {
  readonly step: StepId;
  readonly way: Way;
  readonly attempt: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** How much of that it waited for answers of people. */
  readonly askedMs: number;
}

/** How long an attempt took, without what it waited for answers of people. */
export function tookMs({ startedAt, endedAt, askedMs }: Timing): number {
  return endedAt - startedAt - askedMs;
}

/** What became of silencing the alerts about a host. */
export interface HostDowntime {
  /** It was begun, and may stand. */
  readonly begun: boolean;
  /** Why it could not be begun, or renewed, when that was last tried. */
  readonly failed?: string;
}

/** What the journal says at one moment. Derived, never stored. */
export interface OperationState {
  readonly op: OpId;
  readonly request: EventOf<'requested'>;
  readonly requester: UserId;
  /** The break-glass that anything of it was done under. */
  readonly glass?: string;
  /** Why the request does not count, as `it …`. It is never started. */
  readonly unvouched?: string;
  readonly requestedAt: number;
  /** How many entries were folded, which is the number of the next one. */
  readonly seq: number;
  readonly lastAt: number;
  readonly phase: Phase;
  readonly way: Way;
  readonly approvals: readonly Approval[];
  /** Since when nobody approved or answered, how often that was said again, and whether beyond its channels. */
  readonly silence: {
    readonly since: number;
    readonly reminded: number;
    readonly escalated: boolean;
  };
  readonly claims: readonly Claim[];
  /** Of the hosts it claims, those that were out of service before. */
  readonly awayBefore: readonly HostName[];
  /** Why it may not pass a point of no return now, and since when it waits there. */
  readonly barred?: { readonly because: string; readonly since: number };
  readonly downtime: ReadonlyMap<HostName, HostDowntime>;
  /** Why it could not start when it was last tried. */
  readonly startRefused?: string;
  readonly current?: Current;
  readonly results: ReadonlyMap<StepId, Result>;
  readonly undone: ReadonlyMap<StepId, Result>;
  readonly intents: ReadonlyMap<StepId, Json>;
  /** Steps with a call of which nobody found out whether it took effect. */
  readonly unproven: ReadonlySet<StepId>;
  readonly children: ReadonlyMap<OpId, Ended>;
  readonly timings: readonly Timing[];
  /** People who answered prompts. */
  readonly answerers: readonly UserId[];
  readonly cancel?: { readonly by: Author; readonly because: string };
  readonly hold?: { readonly by: Author; readonly because: string; readonly takenOver?: true };
  /** Who asked to take its host from it, oldest first. */
  readonly takeoverAsked: readonly { readonly by: UserId; readonly at: number }[];
}

/** The step of a plan by its id. A journal that names a step its plan has not is a bug. */
export function stepOf(state: Pick<OperationState, 'request'>, id: StepId): PlannedStep {
  const step = state.request.plan.steps.find((candidate) => candidate.id === id);
  if (step === undefined) throw new Error(`the plan has no step ${id}`);
  return step;
}

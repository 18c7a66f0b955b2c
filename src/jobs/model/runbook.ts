import type * as z from 'zod';
import type { Failure } from '../../domain/failure.ts';
import type { OpId, StepId, UserId } from '../../domain/ids.ts';
import type { Inventory } from '../../domain/inventory.ts';
import type { Json } from '../../domain/json.ts';
import type { Telling } from '../ports/operation-threads.ts';
import type { Ports, ReadPorts } from '../ports/ports.ts';
import type { Arguments, CommandSpec } from './command-spec.ts';
import type { Ended } from './event.ts';
import type { Plan, PlanDraft } from './plan.ts';
import type { StepQuestion } from './prompt.ts';

/** A recipe: given typed input and facts it yields a plan, and it knows how to run each step of it. */
export interface Runbook<In = unknown, Facts extends Json = Json> {
  readonly name: string;
  /** Grows when a step's meaning or the shape of its `with` changes. A worker runs only versions it has. */
  readonly version: number;
  /** The chat command, its help, parsing and completion all derive from this. */
  readonly command: RunbookCommand<In>;
  /** What is journalled as the plan's input, parsed again when a worker reads it. */
  readonly input: z.ZodType<In>;
  readonly facts: z.ZodType<Facts>;
  /**
   * Where observing goes to the hosts themselves: it takes its time, so nobody is kept waiting for it, and it is cut off
   * after so long. Only those who may run the command make it look.
   */
  readonly looks?: { readonly atMostMs: number };
  /**
   * The slice of inventory and of the live world that the plan depends on. Reads only. `show` is given what was seen
   * and is too much for a plan: it is kept outside the journal, for those who may read logs.
   */
  observe(input: In, read: ReadPorts, signal: AbortSignal, show: Show): Promise<Facts>;
  /** Pure: the same input and facts give the same plan and digest. NothingToDo where all is as it should be. */
  plan(input: In, facts: Facts): PlanDraft;
  /** Found by PlannedStep.uses, never by position. */
  readonly steps: Readonly<Record<string, StepDef>>;
  /** The ports it acts through, by the kind of target; a zone without one of them cannot run it there. */
  readonly needs: Readonly<Record<string, readonly (keyof Ports)[]>>;
  /** So many failures in a row on one host take the host out of every group; absent: never. */
  readonly quarantineAfter?: number;
  readonly ifUnanswered: { readonly afterMs: number; readonly does: 'hold' | 'rollback' };
}

/** Texts of any number of lines. */
export type Show = (text: string) => void;

export interface RunbookCommand<In> extends CommandSpec {
  /** One input an operation: a command on three hosts becomes three operations. */
  toInputs(typed: Arguments, inventory: Inventory): readonly In[];
  /** What comes after its name where people read it, when that is not its host and image. */
  inWords?(input: In): string;
}

// biome-ignore lint/suspicious/noExplicitAny: a runbook holds steps of different types
export interface StepDef<With = any, Out extends Json = any> {
  readonly with: z.ZodType<With>;
  readonly output: z.ZodType<Out>;
  /** Called again after `wait`, `ask` and `spawn`, with what it remembered. */
  run(context: StepContext<With>): Promise<Outcome<Out>>;
  /**
   * `output` is undefined when `run` ended in an unknown state. Restores what `intend` recorded, not a default; there is
   * no intent when `run` never came to record one.
   */
  undo?(context: StepContext<With>, output: Out | undefined): Promise<Outcome<Json>>;
  /** Asked only after a call whose outcome is unknown: did THIS attempt take effect, given what it recorded? Reads only. */
  probe?(context: StepContext<With>): Promise<Probed<Out>>;
  /**
   * Takes back what must never wait armed, and reads back that it is gone. Every way out of a call but `done` goes
   * through it before anything else happens. Twice is harmless.
   */
  disarm?(context: StepContext<With>): Promise<void>;
  /** Shown and digested for a step that wants an approval of its own. Reads only. */
  evidence?(context: StepContext<With>): Promise<Json>;
  /** Where there is no probe, or it says unknown. */
  readonly ifInterrupted: 'run-again' | 'ask';
  /** Only a failure without effect is tried again unattended. */
  readonly retry: { readonly tries: number; readonly backoffMs: number };
  /** The longest one call may take. */
  readonly attemptMs: number;
  /**
   * How long a call that was sent may still be on its way to something that cannot refuse an older worker, such as a
   * hub or a BMC. After a call whose end nobody saw, nothing looks or acts before that has passed. 0 where the target
   * guards itself.
   */
  readonly settleMs: number;
  /** The longest it may wait in all, over every `wait` of one attempt. */
  readonly waitMs: number;
  /** For a first estimate, before anything was learned. */
  readonly typicalMs: number;
}

export type Probed<Out> =
  | { readonly kind: 'done'; readonly output: Out }
  /** `turnBack`: it was approved to go back by itself then, unless it is simply run again because only its worker was lost. */
  | { readonly kind: 'not-done'; readonly turnBack?: boolean }
  | { readonly kind: 'unknown'; readonly because: string };

/** No worker is held by `wait`, `ask` or `spawn`. */
export type Outcome<Out> =
  | { readonly kind: 'done'; readonly output: Out }
  | { readonly kind: 'wait'; readonly wake: Wake; readonly memo: Json; readonly note: string }
  | { readonly kind: 'ask'; readonly prompt: StepQuestion; readonly memo: Json }
  | { readonly kind: 'spawn'; readonly children: readonly Plan[]; readonly memo: Json }
  /** It failed, and was approved to go back by itself then. Where something cannot be undone any more, people are asked. */
  | { readonly kind: 'turn-back'; readonly failure: Failure };
export type Wake =
  | { readonly afterMs: number }
  | { readonly on: 'child' | 'claim'; readonly atMostMs: number };

export interface StepContext<With> {
  readonly op: OpId;
  readonly step: StepId;
  readonly attempt: number;
  /** Grows with each worker that takes the operation over; targets refuse an older one. */
  readonly epoch: number;
  readonly requester: UserId;
  readonly with: With;
  /** What the plan was made from and approved with. */
  readonly facts: Json;
  readonly memo: Json | undefined;
  readonly answer: string | undefined;
  readonly intent: Json | undefined;
  /** How the children that this operation started have ended. */
  readonly children: ReadonlyMap<OpId, Ended>;
  /** Wrapped by the engine: every call first checks the lease (monotonic clock) and the zone. */
  readonly ports: Ports;
  /** What an earlier step gave, from the journal. */
  output<T>(step: string, as: z.ZodType<T>): T;
  /**
   * Durable before the first effect: the state found, which undo and probe will read. Recorded once per step: a repeat
   * gets what was found before the first effect, because what it finds now may already be its own doing.
   */
  intend(preState: Json): Promise<Json>;
  /** Refused outside the plan's `mayStart`. */
  planChild(runbook: string, input: Json): Promise<Plan>;
  /** Keeps remote output for `!log`, redacted, outside the journal. */
  log(text: string): void;
  /** Tells the operation's thread in chat, redacted, outside the journal. A few lines a call, not everything there is. */
  tell(telling: Telling): void;
  /** Where this operation got to in something that it reads at every poll; shared by its steps. Undefined at first. */
  bookmark(name: string): Promise<Json | undefined>;
  /** Outside the journal, and may be lost: then it is read from where the one before was. */
  putBookmark(name: string, place: Json): Promise<void>;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970, by the store's clock. */
  now(): number;
  /** So many milliseconds from now, in milliseconds since 1970; sooner where time is scaled. */
  later(ms: number): number;
}

const STEP_DEFAULTS = {
  retry: { tries: 3, backoffMs: 5_000 },
  attemptMs: 60_000,
  settleMs: 0,
  waitMs: 60 * 60_000,
  typicalMs: 5_000,
} as const;

type Defaults = keyof typeof STEP_DEFAULTS;

export function defineStep<With, Out extends Json>(
  def: Omit<StepDef<With, Out>, Defaults> & Partial<Pick<StepDef<With, Out>, Defaults>>,
): StepDef<With, Out> {
  return { ...STEP_DEFAULTS, ...def };
}

export function defineRunbook<In, Facts extends Json>(runbook: Runbook<In, Facts>): Runbook {
  // Its input is parsed by its own schema before any of its functions sees it.
  return runbook as Runbook;
}

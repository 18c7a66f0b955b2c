import { randomUUID } from 'node:crypto';
import { type Sleep, sleep } from '../feed/sleep.ts';
import type { DutyLease, DutyLeases } from './duty-leases.ts';

/** Parts of the lease: how often it is renewed, and how often others try to take it. */
const BEATS = 4;
const TRIES = 10;
/** What is begun now may still be under way when the lease ends: so much of it is left unused. */
const MARGIN = 1 / 20;

/** Another bot may have the duty by now. Whoever catches it does nothing more of it. */
export class DutyLost extends Error {
  override readonly name = 'DutyLost';
}

/**
 * Settles as soon as this bot surely has the duty, which is at once unless the store takes its time to say so. Throws
 * DutyLost when it has it no more.
 */
export type DutyCheck = () => Promise<void>;

export interface Duty {
  /** The same in every bot, e.g. `talk on irc`. */
  readonly name: string;
  /** Begins it, and gives what ends it. It may begin again later. */
  begin(check: DutyCheck, lease: DutyLease): Promise<() => Promise<void>>;
}

export interface DutyOptions {
  readonly leases: DutyLeases;
  /** A bot that is silent for so long loses its duties. A standby takes over within this and one try more. */
  readonly leaseMs: number;
  /** Told when it was taken, and when another one has it. */
  readonly log: (message: string) => void;
  readonly report: (problem: unknown) => void;
  readonly sleep?: Sleep;
}

export interface DutyHolder {
  readonly name: string;
  readonly isHeld: boolean;
  /** Ends it, and lets another bot have it at once. */
  stop(): Promise<void>;
}

/**
 * Does a duty for as long as no other bot does, and stands by otherwise. Returns once it was begun, or another has it; what
 * the very first beginning throws is thrown here, later ones are reported and tried again.
 */
export async function holdDuty(duty: Duty, options: DutyOptions): Promise<DutyHolder> {
  const stopped = new AbortController();
  const holder = { ...options, duty, isHeld: false, signal: stopped.signal };
  const first = await takeUp(holder);
  const served = serve(holder, first);
  return {
    name: duty.name,
    get isHeld() {
      return holder.isHeld;
    },
    async stop() {
      stopped.abort();
      await served;
    },
  };
}

interface Holder extends DutyOptions {
  readonly duty: Duty;
  readonly signal: AbortSignal;
  isHeld: boolean;
}

interface Held {
  readonly nonce: string;
  deadline: number;
  /** Nobody renews it any more: it holds until its deadline, where no other bot has it. */
  isOver: boolean;
  /** The store was asked again, or it is over. */
  next: PromiseWithResolvers<void>;
  end: () => Promise<void>;
}

async function serve(holder: Holder, first: Held | undefined): Promise<void> {
  const { duty, log, signal, leaseMs, sleep: wait = sleep } = holder;
  if (first === undefined) log(`another bot has to ${duty.name}; this one stands by`);
  for (let held = first; ; held = await tryToTakeUp(holder)) {
    if (held !== undefined) {
      await keep(holder, held);
      await letGo(holder, held);
      if (!signal.aborted) log(`this bot has not to ${duty.name} any more`);
    }
    if (signal.aborted) return;
    await wait(leaseMs / TRIES, signal);
    if (signal.aborted) return;
  }
}

async function tryToTakeUp(holder: Holder): Promise<Held | undefined> {
  const { report, signal, leaseMs, sleep: wait = sleep } = holder;
  try {
    return await takeUp(holder);
  } catch (problem) {
    report(problem);
    await wait(leaseMs / 2, signal);
    return undefined;
  }
}

/** Undefined while another bot has it. What could not be begun is left to others at once. */
async function takeUp(holder: Holder): Promise<Held | undefined> {
  const { duty, leases, leaseMs, log, report } = holder;
  const nonce = randomUUID();
  const lease = await leases.take(duty.name, nonce, leaseMs);
  if (lease === undefined) return undefined;
  const { deadline } = lease;
  const next = Promise.withResolvers<void>();
  const held: Held = { nonce, deadline, isOver: false, next, end: async () => {} };
  // To begin may take longer than the lease.
  const begun = new AbortController();
  const beats = keep({ ...holder, signal: begun.signal }, held);
  try {
    held.end = await duty.begin(() => check(holder, held), lease);
    holder.isHeld = true;
    log(`this bot has to ${duty.name}`);
    return held;
  } catch (problem) {
    sayOver(held);
    await leases.release(duty.name, nonce).catch(report);
    throw problem;
  } finally {
    begun.abort();
    await beats;
  }
}

async function check({ duty, leaseMs }: Holder, held: Held): Promise<void> {
  while (performance.now() > held.deadline - leaseMs * MARGIN) {
    if (held.isOver) throw new DutyLost(`this bot has not to ${duty.name} any more`);
    await held.next.promise;
  }
}

function sayOver(held: Held): void {
  held.isOver = true;
  held.next.resolve();
}

function sayLost(held: Held): void {
  held.deadline = Number.NEGATIVE_INFINITY;
  sayOver(held);
}

function sayAskedAgain(held: Held): void {
  held.next.resolve();
  held.next = Promise.withResolvers();
}

/** Renews it until it is lost or this bot stops. */
async function keep(holder: Holder, held: Held): Promise<void> {
  const { signal, leaseMs, sleep: wait = sleep } = holder;
  while (!held.isOver) {
    await wait(leaseMs / BEATS, signal);
    if (signal.aborted) return;
    if (await renewed(holder, held)) sayAskedAgain(held);
    else sayLost(held);
  }
}

/** False when another one has it, or has it soon: the store stays away and the deadline has passed. */
async function renewed({ duty, leases, leaseMs, report }: Holder, held: Held): Promise<boolean> {
  try {
    const deadline = await leases.renew(duty.name, held.nonce, leaseMs);
    if (deadline === undefined) return false;
    held.deadline = deadline;
  } catch (problem) {
    report(problem);
  }
  return performance.now() < held.deadline;
}

async function letGo(holder: Holder, held: Held): Promise<void> {
  const { nonce, end } = held;
  holder.isHeld = false;
  sayOver(held);
  await end().catch(holder.report);
  // What was lost has run out, and whoever takes it up has to see since when.
  if (!holder.signal.aborted) return;
  await holder.leases.release(holder.duty.name, nonce).catch(holder.report);
}

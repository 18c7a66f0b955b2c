import { randomUUID } from 'node:crypto';
import type { Append, Lease, OpRef } from '../journal/journal.ts';
import type { JournalEvent } from '../model/event.ts';
import { foldEntry } from '../model/fold.ts';
import type { OperationState } from '../model/state.ts';
import type { Engine } from './engine.ts';
import { LeaseLost } from './lease-guard.ts';

/** A call may still be under way when the lease ends; this much of it is left unused. */
const MARGIN = 1 / 15;
const BEATS_PER_LEASE = 3;

/** One worker's hold on one operation: the lease, kept alive by heartbeats, and the state it has read. */
export class Tenure {
  readonly engine: Engine;
  readonly ref: OpRef;
  readonly epoch: number;
  /** The holder of the lease before us did not let go of it. */
  readonly interrupted: boolean;
  readonly #nonce: string;
  readonly #lost = new AbortController();
  #deadline: number;
  #isBeating = true;
  #beat: NodeJS.Timeout | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #state: OperationState | undefined;

  private constructor(engine: Engine, ref: OpRef, nonce: string, lease: Lease) {
    this.engine = engine;
    this.ref = ref;
    this.epoch = lease.epoch;
    this.interrupted = lease.interrupted;
    this.#nonce = nonce;
    this.#deadline = lease.deadline;
  }

  /** Undefined while somebody else holds the operation. */
  static async begin(engine: Engine, ref: OpRef): Promise<Tenure | undefined> {
    const nonce = randomUUID();
    try {
      return await Tenure.#take(engine, ref, nonce);
    } catch (problem) {
      // The store may have done what it gave no answer to, or do it yet: a lease that nobody holds, and a worker that seems lost.
      void engine.journal.giveBack(ref, nonce, engine.timing.leaseMs).catch(() => {});
      throw problem;
    }
  }

  static async #take(engine: Engine, ref: OpRef, nonce: string): Promise<Tenure | undefined> {
    const lease = await engine.journal.acquire(ref, nonce, engine.timing.leaseMs);
    if (lease === undefined) return undefined;
    const tenure = new Tenure(engine, ref, nonce, lease);
    tenure.#keepAlive();
    try {
      await tenure.refresh();
      return tenure;
    } catch (problem) {
      // Nobody would ever end it, and its heartbeats would keep everybody else out.
      tenure.abandon();
      throw problem;
    }
  }

  get state(): OperationState {
    if (this.#state === undefined) throw new Error(`${this.ref.op} has no journal`);
    return this.#state;
  }

  get exists(): boolean {
    return this.#state !== undefined;
  }

  /** Aborted when the lease is known to be lost, or can no longer be known to hold: a call under way ends before another begins. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Throws LeaseLost unless the lease surely still holds. */
  readonly check = (): void => {
    if (this.signal.aborted || this.#leftMs() < 0) throw new LeaseLost(this.ref.op);
  };

  #leftMs(): number {
    const { monotonic, timing } = this.engine;
    return this.#deadline - timing.leaseMs * MARGIN - monotonic();
  }

  /** Throws LeaseLost where what failed failed because of that, or for somebody who has lost it: that is nothing to tell of. */
  throwIfLost(problem: unknown): void {
    if (problem instanceof LeaseLost) throw problem;
    this.signal.throwIfAborted();
  }

  /** Reads what others appended. */
  async refresh(): Promise<void> {
    const from = this.#state?.seq ?? 0;
    const entries = await this.engine.journal.read(this.ref, from);
    for (const entry of entries) this.#state = foldEntry(this.ref.op, this.#state, entry);
  }

  /** What happened, whatever else was appended meanwhile. Throws LeaseLost when somebody took over. */
  async record(...events: readonly JournalEvent[]): Promise<void> {
    await this.#append({ events, by: 'engine', epoch: this.epoch });
  }

  /** What was decided on the state as it was read. False when it has moved, and was read again. */
  async decide(events: readonly JournalEvent[], claims?: string): Promise<boolean> {
    const guard = claims === undefined ? {} : { claims };
    const kind = await this.#append({
      ...guard,
      events,
      by: 'engine',
      epoch: this.epoch,
      seq: this.state.seq,
    });
    if (kind !== 'ok') await this.refresh();
    return kind === 'ok';
  }

  /** Lets go; `dueInMs` says when somebody has to look again. */
  async end(dueInMs: number | null): Promise<void> {
    this.#stopBeating();
    await this.engine.journal.release(this.ref, this.#nonce, this.epoch, dueInMs);
  }

  /** Stops the heartbeat and leaves the lease to run out, so that the next holder looks before it acts. */
  abandon(): void {
    this.#stopBeating();
    this.#lost.abort(new LeaseLost(this.ref.op));
  }

  async #append(what: Append) {
    const appended = await this.engine.journal.append(this.ref, what);
    if (appended.kind === 'lease-lost') throw this.#lose();
    if (appended.kind !== 'ok') return appended.kind;
    const [first] = appended.entries;
    if (first?.seq !== this.state.seq) {
      await this.refresh();
      return 'ok';
    }
    for (const entry of appended.entries) {
      this.engine.watch?.appended(this.ref, this.state, entry);
      this.#state = foldEntry(this.ref.op, this.#state, entry);
    }
    return 'ok';
  }

  #keepAlive(): void {
    const { leaseMs } = this.engine.timing;
    this.#beat = setInterval(() => void this.#renew(), leaseMs / BEATS_PER_LEASE);
    this.#beat.unref();
    this.#endInTime();
  }

  #stopBeating(): void {
    this.#isBeating = false;
    clearInterval(this.#beat);
    clearTimeout(this.#expiry);
  }

  /** A worker that is cut off from the store gets no answer that says so. */
  #endInTime(): void {
    clearTimeout(this.#expiry);
    const leftMs = this.#leftMs();
    if (leftMs < 0) return void this.#lose();
    this.#expiry = setTimeout(() => this.#endInTime(), Math.ceil(leftMs) + 1);
    this.#expiry.unref();
  }

  async #renew(): Promise<void> {
    const { journal, timing, report } = this.engine;
    try {
      const deadline = await journal.renew(this.ref, this.#nonce, this.epoch, timing.leaseMs);
      if (!this.#isBeating) return;
      if (deadline === undefined) return void this.#lose();
      this.#deadline = deadline;
      this.#endInTime();
    } catch (problem) {
      // The deadline stands.
      report(problem, this.ref);
    }
  }

  #lose(): LeaseLost {
    const lost = new LeaseLost(this.ref.op);
    this.#stopBeating();
    if (!this.signal.aborted) this.engine.watch?.leaseLost(this.ref);
    this.#lost.abort(lost);
    return lost;
  }
}

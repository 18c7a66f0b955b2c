/** Time in the lab, in milliseconds since 1970. It may run faster than the wall clock. */
export interface LabClock {
  now(): number;
  /** What the wall clock shows at a moment of the lab. Before the start both run alike. */
  wall(labMs: number): number;
  /** Ends when that much lab time has passed, or early when the signal says so. */
  pass(labMs: number, signal?: AbortSignal): Promise<void>;
}

export interface LabClockOptions {
  /** What the lab's clock shows first; the wall clock's reading when absent. */
  readonly startAt?: number;
  /** Lab seconds in one real second: at 60 an installation of six minutes takes six seconds. */
  readonly scale?: number;
  /** The wall clock, in milliseconds since 1970. */
  readonly now?: () => number;
  /** Waits for real milliseconds. Under an injected `now` waiting ends at once unless this says otherwise. */
  readonly sleep?: (realMs: number, signal?: AbortSignal) => Promise<void>;
}

export function labClock(options: LabClockOptions = {}): LabClock {
  const { scale = 1, now = Date.now } = options;
  const sleep = options.sleep ?? (options.now === undefined ? realSleep : async () => {});
  const begun = now();
  const startAt = options.startAt ?? begun;
  return {
    now: () => startAt + (now() - begun) * scale,
    wall(labMs) {
      const since = labMs - startAt;
      return Math.round(begun + (since > 0 ? since / scale : since));
    },
    pass: (labMs, signal) => sleep(Math.max(0, labMs / scale), signal),
  };
}

function realSleep(realMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, realMs);
    if (signal?.aborted) done();
    else signal?.addEventListener('abort', done, { once: true });
  });
}

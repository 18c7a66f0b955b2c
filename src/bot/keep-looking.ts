export interface Looking {
  /** Settles after the look that is under way. */
  stop(): Promise<void>;
}

/** Looks at once and every so many milliseconds, but never twice at a time. What a look throws is reported. */
export function keepLooking(
  look: () => Promise<void>,
  everyMs: number,
  report: (problem: unknown) => void,
): Looking {
  let looking: Promise<void> | undefined;
  function round(): void {
    looking ??= look()
      .catch(report)
      .finally(() => {
        looking = undefined;
      });
  }
  round();
  const timer = setInterval(round, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}

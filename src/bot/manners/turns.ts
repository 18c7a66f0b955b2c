type Work = () => Promise<void>;

/**
 * What one person wants is done in the order they wanted it; people take turns, and some are served at once. Settles as
 * the work does.
 */
export type Turns = (who: string, work: Work) => Promise<void>;

export function createTurns(atOnce: number): Turns {
  /** In the order of whose turn it is. */
  const waiting = new Map<string, Work[]>();
  const served = new Set<string>();

  function next(): void {
    if (served.size >= atOnce) return;
    const [who, [work, ...others] = []] =
      [...waiting].find(([person]) => !served.has(person)) ?? [];
    if (who === undefined || work === undefined) return;
    waiting.delete(who);
    if (others.length > 0) waiting.set(who, others);
    served.add(who);
    void work().finally(() => {
      served.delete(who);
      next();
    });
    next();
  }

  return (who, work) =>
    new Promise((resolve, reject) => {
      const whole = () => work().then(resolve, reject);
      waiting.set(who, [...(waiting.get(who) ?? []), whole]);
      next();
    });
}

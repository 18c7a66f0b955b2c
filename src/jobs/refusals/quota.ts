const WINDOW_MS = 10 * 60_000;
const EACH = 20;
const ALL = 200;

/** Whether one more of somebody's is written down: so many of each and of all in ten minutes. */
export function createQuota(now: () => number): (who: string) => boolean {
  let since = now();
  let all = 0;
  const each = new Map<string, number>();
  return (who) => {
    if (now() - since >= WINDOW_MS) {
      since = now();
      all = 0;
      each.clear();
    }
    const before = each.get(who) ?? 0;
    if (before >= EACH || all >= ALL) return false;
    each.set(who, before + 1);
    all += 1;
    return true;
  };
}

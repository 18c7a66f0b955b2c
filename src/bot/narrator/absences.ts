import { type Sleep, sleep } from '../feed/sleep.ts';

/** For how long a network was away, in milliseconds since 1970 by the store's clock. */
export interface Absence {
  readonly from: number;
  readonly until: number;
  /** Whether its line arrived in a channel, for each that the bot is in; never rejects. */
  readonly told: ReadonlyMap<string, Promise<boolean>>;
}

/** When a network was away. Its return is told in one line in each channel; what that line stands for is not told again there. */
export interface Absences {
  note(absence: Absence): void;
  /** Waits for a line that is on its way. */
  covers(at: number, channel: string): Promise<boolean>;
  /** Whoever waits to post something tries again now. */
  tryAgain(): void;
  readonly sleep: Sleep;
}

const KEPT = 20;

export function createAbsences(): Absences {
  const known: Absence[] = [];
  let waking = new AbortController();
  return {
    note(absence) {
      known.push(absence);
      if (known.length > KEPT) known.shift();
    },
    async covers(at, channel) {
      const during = known.filter(({ from, until }) => from <= at && at < until);
      const told = await Promise.all(during.map((absence) => absence.told.get(channel) ?? true));
      return told.includes(true);
    },
    tryAgain() {
      const asleep = waking;
      waking = new AbortController();
      asleep.abort();
    },
    sleep: (ms, signal) => sleep(ms, AbortSignal.any([signal, waking.signal])),
  };
}

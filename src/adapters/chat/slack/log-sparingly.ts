const WINDOW_MS = 60_000;
const MOST = 5;

/** Of what anybody on the way here can cause, so many lines a minute; the next one says how many were left out. */
export function logSparingly(
  log: (message: string) => void,
  now: () => number,
): (message: string) => void {
  let since = now();
  let said = 0;
  return (message) => {
    if (now() - since >= WINDOW_MS) {
      if (said > MOST) log(`${said - MOST} more of such lines were left out`);
      since = now();
      said = 0;
    }
    said += 1;
    if (said <= MOST) log(message);
  };
}

/** What was asked to end may still write its last lines. */
const GRACE_MS = 2_000;

/**
 * For when everything is closed: ends the process soon, also where something that was left behind would keep it, such as what
 * BullMQ goes on with when it is closed while the store is away. The exit code stays as it was set.
 */
export function endAnyway(): void {
  setTimeout(() => process.exit(), GRACE_MS).unref();
}

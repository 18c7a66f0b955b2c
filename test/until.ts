/** Waits for a condition, not for a time. */
export async function until(what: () => boolean | Promise<boolean>, withinMs = 120_000) {
  for (const deadline = performance.now() + withinMs; !(await what()); ) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise(setImmediate);
  }
}

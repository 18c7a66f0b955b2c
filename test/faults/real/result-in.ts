const RESULT = /^(op-\w+) (DONE with skips|DONE|ROLLED BACK|CANCELLED|REFUSED|EXPIRED|ABANDONED)\b/;

/** How an operation ended, where a message says that. */
export function resultIn(
  lines: readonly string[],
): { readonly op: string; readonly result: string } | undefined {
  const [, op, result] = RESULT.exec(lines[0] ?? '') ?? [];
  return op === undefined || result === undefined ? undefined : { op, result };
}

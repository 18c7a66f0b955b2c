/** What comes after it is what somebody had said of the builder. */
const BEFORE = '; before: ';
const OURS = /^(?:swap|maintain), op-[^,]+, /;

/** The comment of a builder until its member stands by again: who has it, and the comment that it had. */
export function standingAside(takenOut: string, before: string): string {
  return before === '' ? takenOut : `${takenOut}${BEFORE}${before}`;
}

/** The comment that it had before a swap took it out of service; undefined where somebody else did. */
export function commentBefore(comment: string): string | undefined {
  if (!OURS.test(comment)) return undefined;
  const [, ...before] = comment.split(BEFORE);
  return before.join(BEFORE);
}

/** What happened in one run, for whoever looks into a violation. */
export interface History {
  readonly lines: readonly string[];
  /** The kinds of faults that came to pass, in their order. */
  readonly faults: readonly string[];
  note(what: string): void;
  /** A fault of this kind comes to pass now. */
  fault(kind: string, what: string): void;
}

export function newHistory(): History {
  const begun = performance.now();
  const lines: string[] = [];
  const faults: string[] = [];

  function note(what: string): void {
    lines.push(`${((performance.now() - begun) / 1000).toFixed(2).padStart(6)} s  ${what}`);
  }

  return {
    lines,
    faults,
    note,
    fault(kind, what) {
      faults.push(kind);
      note(`FAULT  ${what}`);
    },
  };
}

/** What happened in one run, for whoever looks into a violation. */
export interface History {
  readonly lines: readonly string[];
  note(what: string): void;
}

export function newHistory(): History {
  const begun = performance.now();
  const lines: string[] = [];
  return {
    lines,
    note(what) {
      lines.push(`${((performance.now() - begun) / 1000).toFixed(2).padStart(6)} s  ${what}`);
    },
  };
}

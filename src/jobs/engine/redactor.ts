const SHOWN = '[secret]';
/** Shorter ones would blank out ordinary words. */
const SHORTEST = 4;

/** Replaces known secrets wherever text is about to be kept or shown. */
export interface Redactor {
  learn(secret: string): void;
  redact(text: string): string;
}

/** Learns a secret whole and by its lines, since output is often cut at line ends. */
export function createRedactor(): Redactor {
  const known = new Set<string>();
  // One may be a part of another, and what is left of that would be shown.
  let longestFirst: readonly string[] = [];
  return {
    learn(secret) {
      for (const part of [secret, ...secret.split('\n')]) {
        const trimmed = part.trim();
        if (trimmed.length >= SHORTEST) known.add(trimmed);
      }
      longestFirst = [...known].sort((a, b) => b.length - a.length);
    },
    redact(text) {
      let shown = text;
      for (const secret of longestFirst) shown = shown.replaceAll(secret, SHOWN);
      return shown;
    },
  };
}

import { distance } from 'fastest-levenshtein';

/** The known word that somebody most likely meant, or undefined when none is close. */
export function nearestWord(typed: string, known: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(typed.length / 3));
  let best: { word: string; far: number } | undefined;
  for (const word of known) {
    const far = distance(typed.toLowerCase(), word.toLowerCase());
    if (far <= limit && (best === undefined || far < best.far)) best = { word, far };
  }
  return best?.word;
}

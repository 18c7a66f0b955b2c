import type { Asker, Reply } from './command.ts';

/** `ana: … . …`: who is meant, why not, and what they do next. A reason that begins with their name has it once. */
export function refusal(
  { shown }: Pick<Asker, 'shown'>,
  { because, next }: { readonly because: string; readonly next: string },
): string {
  return addressedTo({ shown }, `${because}. ${sentence(next)}`);
}

/** Begins with whoever is meant, so that their client tells them, and with that once. */
export function addressedTo({ shown }: Pick<Asker, 'shown'>, text: string): string {
  return text.startsWith(`${shown} `) ? text : `${shown}: ${text}`;
}

/** Said to somebody whom the directory does not know. */
export function strangerLines({ shown, unknown }: Asker): Reply {
  const because = 'the directory does not know you';
  return [refusal({ shown }, unknown ?? { because, next: 'Ask for an entry there.' })];
}

/** Said to everybody while the directory does not answer. */
export function directorySilent(asker: Pick<Asker, 'shown'>, silent: Silent): string {
  return refusal(asker, unasked(silent));
}

interface Silent {
  readonly directory: string;
  readonly because: string;
}

export function unasked({ directory, because }: Silent) {
  return {
    because: `${directory} did not answer (${because}), so nobody can say what you may do`,
    next: 'Try again once it is back.',
  };
}

function sentence(text: string): string {
  const whole = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.?!…]$/.test(whole) ? whole : `${whole}.`;
}

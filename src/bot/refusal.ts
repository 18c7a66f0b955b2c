import type { Asker, Reply } from './command.ts';

/** `ana: … . …`: who is meant, why not, and what they do next. Noted, so that it gets on record. */
export function refusal(
  { shown, note }: Pick<Asker, 'shown' | 'note'>,
  { because, next }: { readonly because: string; readonly next: string },
): string {
  note?.(because);
  return addressedTo({ shown }, `${because}. ${sentence(next)}`);
}

/** The same of a reason that says by itself what is next. */
export function refused({ shown, note }: Pick<Asker, 'shown' | 'note'>, because: string): string {
  note?.(because);
  return addressedTo({ shown }, because);
}

/** Begins with whoever is meant, so that their client tells them, and with that once. */
export function addressedTo({ shown }: Pick<Asker, 'shown'>, text: string): string {
  return text.startsWith(`${shown} `) ? text : `${shown}: ${text}`;
}

/** Said to somebody whom the directory does not know. */
export function strangerLines({ shown, note, unknown }: Asker): Reply {
  const because = 'the directory does not know you';
  return [
    refusal(
      { shown, ...(note && { note }) },
      unknown ?? { because, next: 'Ask for an entry there.' },
    ),
  ];
}

/** Said to everybody while the directory does not answer. */
export function directorySilent(asker: Pick<Asker, 'shown' | 'note'>, silent: Silent): string {
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

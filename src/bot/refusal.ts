import type { Asker } from './command.ts';

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

function sentence(text: string): string {
  const whole = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.?!…]$/.test(whole) ? whole : `${whole}.`;
}

/** No, with the reason as the operator reads it and what they do next, in the imperative. */
export interface Refusal {
  readonly kind: 'refuse';
  readonly because: string;
  readonly next: string;
}

/** A yes that needs no more words, or a refusal. */
export type Permission = { readonly kind: 'allow' } | Refusal;

export const ALLOWED: Permission = { kind: 'allow' };

export function refuse(because: string, next: string): Refusal {
  return { kind: 'refuse', because, next };
}

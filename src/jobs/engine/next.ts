/** Go on at once, or let go and look again then (`null`: when something is appended). */
export type Next =
  | { readonly kind: 'go-on' }
  | { readonly kind: 'park'; readonly dueInMs: number | null };

export const GO_ON: Next = { kind: 'go-on' };
export const park = (dueInMs: number | null): Next => ({ kind: 'park', dueInMs });

/** On one claim: what is in its way, or what nobody knows. Undefined where it may be taken. */
export type Verdict = { readonly blocked: string } | { readonly unknown: string } | undefined;

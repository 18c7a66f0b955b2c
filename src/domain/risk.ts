/** How much a step can hurt, least first. Rules say what each level demands. */
export const RISKS = ['read-only', 'routine', 'disruptive', 'destructive'] as const;
export type Risk = (typeof RISKS)[number];

/** The risk of a plan is that of its worst step. */
export function worstRisk(risks: readonly Risk[]): Risk {
  return RISKS[Math.max(0, ...risks.map((risk) => RISKS.indexOf(risk)))] ?? 'read-only';
}

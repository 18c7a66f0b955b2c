import type { Json } from '../../domain/json.ts';

/** What a step shows before it is approved, as people read it: `last of its kind: yes · tasks: 0`. Empty for nothing. */
export function evidenceInWords(evidence: Json): string {
  if (evidence === null) return '';
  if (typeof evidence === 'boolean') return evidence ? 'yes' : 'no';
  if (typeof evidence !== 'object') return String(evidence);
  const parts = Array.isArray(evidence)
    ? evidence.map(evidenceInWords)
    : Object.entries(evidence).map(([name, value]) => `${name}: ${evidenceInWords(value)}`);
  return parts.join(Array.isArray(evidence) ? ', ' : ' · ');
}

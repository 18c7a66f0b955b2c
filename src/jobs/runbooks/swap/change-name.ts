import { Failure } from '../../../domain/failure.ts';
import type { CnameChange } from '../../ports/dns-zone.ts';
import type { SwapContext } from './target.ts';

/** One comparison and exchange. A Failure when the name does not point at `from`. */
export async function changeName(
  { with: { name }, ports, signal }: SwapContext,
  change: Omit<CnameChange, 'name'>,
): Promise<void> {
  const outcome = await ports.dns.change({ name, ...change }, signal);
  if (outcome.kind === 'changed') return;
  const found = outcome.found.map(({ type, value }) => `${value} (${type})`).join(', ');
  throw otherTarget(name, change.from, found || 'no such record');
}

export function otherTarget(name: string, expected: string, found: string): Failure {
  return new Failure({
    code: 'swap.name-changed',
    problem: `${name} does not point where this operation left it`,
    because: `expected ${expected}, found ${found}: somebody else changed it`,
    effect: 'none',
    next: 'Nothing was changed. Find out who did it; put it back and retry, or roll back.',
  });
}

import type { HostName } from '../../domain/ids.ts';
import type { HeldClaim } from '../journal/journal.ts';
import type { Ended, EventOf } from '../model/event.ts';
import { inputFields } from '../model/input-fields.ts';
import type { OperationState } from '../model/state.ts';
import type { Tenure } from './tenure.ts';

/**
 * How often in a row its runbook has failed on its host, to be recorded with its end. Where that is too often, the host goes
 * into quarantine. Nobody else counts meanwhile: the operation holds its host until then.
 */
export async function countFailures(
  { engine, ref, state }: Tenure,
  outcome: Ended,
): Promise<readonly EventOf<'failures-counted'>[]> {
  const { plan } = state.request;
  const { quarantineAfter } = engine.runbooks.get(plan.runbook.name) ?? {};
  const { host } = inputFields(plan.input);
  const failed = failedStep(state, outcome);
  const counts = failed !== undefined || outcome === 'succeeded';
  if (quarantineAfter === undefined || host === undefined || !counts) return [];
  const { held } = await engine.journal.claims(ref.zone);
  const before = failuresInARow(held, host);
  if (failed === undefined) {
    return before === 0 ? [] : [{ kind: 'failures-counted', host, inARow: 0 }];
  }
  const inARow = before + 1;
  const counted = { kind: 'failures-counted', host, inARow } as const;
  if (inARow < quarantineAfter || isQuarantined(held, host)) return [counted];
  const because = `${plan.runbook.name} failed ${inARow} times in a row, last in ${ref.op} at ${failed}`;
  return [{ ...counted, quarantined: { owner: state.requester, because } }];
}

/** What a person cancelled, skipped or took back without a failure says nothing about the host, and neither do the rules. */
function failedStep({ results }: OperationState, outcome: Ended): string | undefined {
  if (outcome !== 'rolled-back' && outcome !== 'abandoned') return undefined;
  const failed = [...results].findLast(
    ([, result]) => 'code' in result && !result.code.startsWith('gate.'),
  );
  return failed?.[0];
}

/** None where nothing is kept about it. */
export function failuresInARow(held: readonly HeldClaim[], host: HostName): number {
  return kept(held, `failures/${host}`)?.byHand?.times ?? 0;
}

function isQuarantined(held: readonly HeldClaim[], host: HostName): boolean {
  return kept(held, `quarantine/${host}`) !== undefined;
}

function kept(held: readonly HeldClaim[], key: string): HeldClaim | undefined {
  return held.find(({ claim }) => claim.kind === 'lock' && claim.key === key);
}

import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { Outcome, StepContext } from '../../model/runbook.ts';

const Memo = z.strictObject({ until: z.number(), off: z.boolean() });
const PATIENCE_MS = 5 * 60_000;

/**
 * Asks a guest to power off, again and again, since one that is starting does not hear it, and sees it off twice. Nobody
 * pulls its plug.
 */
export async function powerOff(
  { op, epoch, memo, ports: { hypervisor }, later, now, signal }: StepContext<unknown>,
  host: HostName,
): Promise<Outcome<null>> {
  const isOff = (await hypervisor.state(host, signal)) !== 'running';
  const { until, off } = memo ? Memo.parse(memo) : { until: later(PATIENCE_MS), off: false };
  if (isOff && off) return { kind: 'done', output: null };
  if (now() >= until) throw deaf(host);
  if (!isOff) await hypervisor.shutDown(host, { op, epoch }, signal);
  const note = isOff ? '' : `waiting for ${host} to power off`;
  return { kind: 'wait', wake: { afterMs: 1_000 }, memo: { until, off: isOff }, note };
}

function deaf(host: string): Failure {
  return new Failure({
    code: 'swap.guest-runs-on',
    problem: `${host} does not power off`,
    because: 'it was asked for five minutes and runs on',
    effect: 'none',
    next: `Look at its console; retry asks it again.`,
  });
}

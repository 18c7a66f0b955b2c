import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { HostName } from '../../../domain/ids.ts';
import { defineStep, type Outcome } from '../../model/runbook.ts';

const Target = z.strictObject({ host: HostName });
const Found = z.strictObject({ ran: z.boolean() });
const Memo = z.strictObject({ until: z.number(), off: z.boolean() });
const PATIENCE_MS = 5 * 60_000;

/** Asks a drained guest to power off and sees it off twice. Nobody pulls its plug. */
export const shutDownBuilder = defineStep({
  with: Target,
  output: Found,
  async run(context): Promise<Outcome<z.infer<typeof Found>>> {
    const { with: target, op, epoch, intend, ports, later, now, signal } = context;
    const { hypervisor } = ports;
    const state = await hypervisor.state(target.host, signal);
    const found = Found.parse(await intend({ ran: state === 'running' }));
    const memo = context.memo
      ? Memo.parse(context.memo)
      : { until: later(PATIENCE_MS), off: false };
    if (state !== 'running' && (memo.off || !found.ran)) return { kind: 'done', output: found };
    if (now() >= memo.until) throw deaf(target.host);
    if (state === 'running') await hypervisor.shutDown(target.host, { op, epoch }, signal);
    const next = { ...memo, off: state !== 'running' };
    const note = next.off ? '' : `waiting for ${target.host} to power off`;
    return { kind: 'wait', wake: { afterMs: 1_000 }, memo: next, note };
  },
  async undo({ with: { host }, intent, op, epoch, ports, signal }) {
    const ran = intent !== undefined && Found.parse(intent).ran;
    if (ran) await ports.hypervisor.start(host, { op, epoch }, signal);
    return { kind: 'done', output: null };
  },
  ifInterrupted: 'run-again',
  retry: { tries: 1, backoffMs: 0 },
  waitMs: 30 * 60_000,
  typicalMs: 30_000,
});

function deaf(host: string): Failure {
  return new Failure({
    code: 'swap.guest-runs-on',
    problem: `${host} does not power off`,
    because: 'it was asked for five minutes and runs on',
    effect: 'none',
    next: `Look at its console; retry asks it again.`,
  });
}

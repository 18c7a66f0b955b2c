import * as z from 'zod';
import { HostName } from '../../../domain/ids.ts';
import { defineStep, type Outcome } from '../../model/runbook.ts';
import { powerOff } from './power-off.ts';

const Target = z.strictObject({ host: HostName });
const Found = z.strictObject({ ran: z.boolean() });

/** Powers a drained guest off, which it does itself. */
export const shutDownBuilder = defineStep({
  with: Target,
  output: Found,
  async run(context): Promise<Outcome<z.infer<typeof Found>>> {
    const { with: target, intend, ports, signal } = context;
    const runs = (await ports.hypervisor.state(target.host, signal)) === 'running';
    const found = Found.parse(await intend({ ran: runs }));
    if (!runs && !found.ran) return { kind: 'done', output: found };
    const outcome = await powerOff(context, target.host);
    return outcome.kind === 'done' ? { kind: 'done', output: found } : outcome;
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

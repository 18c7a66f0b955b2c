import * as z from 'zod';
import { HostName } from '../../../domain/ids.ts';
import { defineStep, type Outcome, type StepContext } from '../../model/runbook.ts';
import { hasCheckedIn } from '../common/checks-in.ts';
import { HUB_SETTLES_MS } from '../common/hub-settles.ts';
import { powerOff } from './power-off.ts';
import { commentBefore } from './standing-aside.ts';

const Target = z.strictObject({ host: HostName });
const Before = z.strictObject({
  enabled: z.boolean(),
  comment: z.string(),
  checkedInAt: z.number().nullable(),
  ran: z.boolean(),
});
const Started = z.strictObject({ enabled: z.boolean() });
type Context = StepContext<z.infer<typeof Target>>;

/**
 * Starts a guest where the service is not active any more, and sees it check in, with the comment that it had. One that
 * somebody disabled stays so.
 */
export const startBuilder = defineStep({
  with: Target,
  output: Started,
  async run(context): Promise<Outcome<z.infer<typeof Started>>> {
    const { with: target, op, epoch, ports, signal } = context;
    const { enabled, comment, checkedInAt, ran } = await foundBefore(context);
    if (!ran) await ports.hypervisor.start(target.host, { op, epoch }, signal);
    const wanted = enabled ? comment : commentBefore(comment);
    if (wanted === undefined) return { kind: 'done', output: { enabled: false } };
    if (!enabled) await ports.farm.enable(target.host, wanted, signal);
    const now = await ports.farm.builder(target.host, signal);
    if (hasCheckedIn(now, checkedInAt)) return { kind: 'done', output: { enabled: true } };
    const note = `waiting for ${target.host} to check in`;
    return { kind: 'wait', wake: { afterMs: 2_000 }, memo: null, note };
  },
  async undo(context) {
    const { with: target, intent, memo, ports, signal } = context;
    if (intent === undefined) return { kind: 'done', output: null };
    const { enabled, comment, ran } = Before.parse(intent);
    const isFirst = memo === undefined;
    if (isFirst && !enabled) await ports.farm.disable(target.host, comment, signal);
    return ran ? { kind: 'done', output: null } : powerOff(context, target.host);
  },
  ifInterrupted: 'run-again',
  settleMs: HUB_SETTLES_MS,
  waitMs: 20 * 60_000,
  typicalMs: 90_000,
});

async function foundBefore(context: Context): Promise<z.infer<typeof Before>> {
  const { with: target, intent, intend, ports, signal } = context;
  if (intent !== undefined) return Before.parse(intent);
  const { enabled, comment, checkedInAt = null } = await ports.farm.builder(target.host, signal);
  const ran = (await ports.hypervisor.state(target.host, signal)) === 'running';
  return Before.parse(await intend({ enabled, comment, checkedInAt, ran }));
}

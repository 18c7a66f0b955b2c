import * as z from 'zod';
import { HostName } from '../../../domain/ids.ts';
import { defineStep, type Outcome, type StepContext } from '../../model/runbook.ts';
import { hasCheckedIn } from '../common/checks-in.ts';
import { HUB_SETTLES_MS } from '../common/hub-settles.ts';
import { Found, putBack } from '../common/taken-out.ts';

const Target = z.strictObject({ host: HostName, kind: z.enum(['metal', 'virtual']) });
const Restored = z.strictObject({ enabled: z.boolean() });
const Since = z.strictObject({ checkedInAt: z.number().nullable() });
type Context = StepContext<z.infer<typeof Target>>;

/** Puts back what `disable` found, and sees a builder that goes into service check in there. */
export const restoreBuilder = defineStep({
  with: Target,
  output: Restored,
  async run(context): Promise<Outcome<z.infer<typeof Restored>>> {
    const {
      with: { host },
      intend,
      output,
      ports: { farm },
      signal,
    } = context;
    const found = output('disable', Found);
    const builder = await farm.builder(host, signal);
    const since = Since.parse(await intend({ checkedInAt: builder.checkedInAt ?? null }));
    await putBack(context, found);
    if (found.enabled && !hasCheckedIn(builder, since.checkedInAt)) {
      const note = `waiting for ${host} to check in`;
      return { kind: 'wait', wake: { afterMs: 5_000 }, memo: null, note };
    }
    await forgetOldDisk(context);
    return { kind: 'done', output: { enabled: found.enabled } };
  },
  ifInterrupted: 'run-again',
  settleMs: HUB_SETTLES_MS,
  waitMs: 10 * 60_000,
  typicalMs: 30_000,
});

async function forgetOldDisk(context: Context): Promise<void> {
  const {
    op,
    epoch,
    with: { host, kind },
    ports,
    signal,
  } = context;
  if (kind === 'virtual') await ports.hypervisor.discardOld(host, { op, epoch }, signal);
}

import * as z from 'zod';
import { defineStep, type Outcome } from '../../model/runbook.ts';
import { restartOnce } from '../common/restart-once.ts';
import { MemberTarget } from './target.ts';

const Restarted = z.strictObject({ bootId: z.string() });

/** Restarts a member, and sees by its boot id that it did. */
export const restartMember = defineStep({
  with: MemberTarget,
  output: Restarted,
  async run(context): Promise<Outcome<z.infer<typeof Restarted>>> {
    const { with: member, ports, signal } = context;
    const now = await ports.witness.bootId(member.host, signal);
    const restart = await restartOnce(context, now, 2_000);
    if (restart.kind !== 'restarted') return restart;
    return { kind: 'done', output: { bootId: restart.bootId } };
  },
  // Another boot id tells that it was restarted; a second restart of a member that stands by hurts nobody.
  ifInterrupted: 'run-again',
  waitMs: 20 * 60_000,
  typicalMs: 2 * 60_000,
});

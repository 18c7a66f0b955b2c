import * as z from 'zod';
import { defineStep, type Outcome } from '../../model/runbook.ts';
import { MemberTarget } from './target.ts';

const Restarted = z.strictObject({ bootId: z.string() });
const Memo = z.strictObject({ asked: z.boolean() }).catch({ asked: false });

/** Restarts a member, and sees by its boot id that it did. */
export const restartMember = defineStep({
  with: MemberTarget,
  output: Restarted,
  async run({
    with: { host },
    memo,
    intend,
    ports,
    signal,
  }): Promise<Outcome<z.infer<typeof Restarted>>> {
    const { asked } = Memo.parse(memo);
    const now = await ports.witness.bootId(host, signal);
    if (now === undefined) return wait(host, asked);
    const before = Restarted.parse(await intend({ bootId: now }));
    if (now !== before.bootId) return { kind: 'done', output: { bootId: now } };
    if (!asked) await ports.witness.restart(host, signal);
    return wait(host, true);
  },
  // Another boot id tells that it was restarted; a second restart of a member that stands by hurts nobody.
  ifInterrupted: 'run-again',
  waitMs: 20 * 60_000,
  typicalMs: 2 * 60_000,
});

function wait(host: string, asked: boolean): Outcome<never> {
  const note = asked ? `${host} is restarting` : `${host} does not answer yet`;
  return { kind: 'wait', wake: { afterMs: 2_000 }, memo: { asked }, note };
}

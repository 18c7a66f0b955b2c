import * as z from 'zod';
import type { HostName } from '../../../domain/ids.ts';
import type { Outcome, StepContext } from '../../model/runbook.ts';

const Booted = z.strictObject({ bootId: z.string() });
const Memo = z.strictObject({ asked: z.boolean() }).catch({ asked: false });

/** `bootId` is another one than the host had when this was first called. */
export type Restart = { readonly kind: 'restarted'; readonly bootId: string } | Outcome<never>;

/**
 * Asks a host once to restart, and knows by its boot id that it did. `now`: what it is at this moment, undefined when it does
 * not answer. A worker that takes over may ask a second time, so it is for hosts that nobody needs meanwhile.
 */
export async function restartOnce(
  { with: { host }, memo, intend, ports, signal }: StepContext<{ readonly host: HostName }>,
  now: string | undefined,
  pollMs: number,
): Promise<Restart> {
  const { asked } = Memo.parse(memo);
  if (now === undefined) return wait(host, asked, pollMs);
  const before = Booted.parse(await intend({ bootId: now }));
  if (now !== before.bootId) return { kind: 'restarted', bootId: now };
  if (!asked) await ports.witness.restart(host, signal);
  return wait(host, true, pollMs);
}

function wait(host: string, asked: boolean, afterMs: number): Outcome<never> {
  const note = asked ? `${host} is restarting` : `${host} does not answer yet`;
  return { kind: 'wait', wake: { afterMs }, memo: { asked }, note };
}

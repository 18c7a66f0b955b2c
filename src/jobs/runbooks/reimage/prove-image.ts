import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { defineStep, type Outcome, type StepContext } from '../../model/runbook.ts';
import { restartOnce } from '../common/restart-once.ts';
import { Before, ReinstallTarget } from './installation.ts';
import { lookAtConsole, startWatching, stopWatching } from './watch-console.ts';

const Proof = z.strictObject({ image: z.string(), bootId: z.string() });
type Context = StepContext<z.infer<typeof ReinstallTarget>>;

/** Restarts the configured host and sees that it comes back by itself with the image that was asked for. */
export const proveImage = defineStep({
  with: ReinstallTarget,
  output: Proof,
  async run(context): Promise<Outcome<z.infer<typeof Proof>>> {
    const {
      with: { host },
      intent,
      ports,
      signal,
    } = context;
    const now = await ports.witness.bootId(host, signal);
    if (now === undefined && intent !== undefined) await lookAtConsole(context);
    if (now !== undefined && intent === undefined) await startWatching(context);
    const restart = await restartOnce(context, now, 5_000);
    return restart.kind === 'restarted' ? proved(context, restart.bootId) : restart;
  },
  // Another boot id tells that it was restarted; a second restart of a host out of service hurts nobody.
  ifInterrupted: 'run-again',
  waitMs: 15 * 60_000,
  typicalMs: 90_000,
});

async function proved(context: Context, bootId: string): Promise<Outcome<z.infer<typeof Proof>>> {
  const {
    with: { host, image },
    output,
    ports: { witness },
    signal,
  } = context;
  await stopWatching(context);
  const mark = await witness.installed(host, signal);
  const { nonce } = output('reinstall', Before);
  if (mark?.image === image && mark.nonce === nonce) {
    return { kind: 'done', output: { image, bootId } };
  }
  throw new Failure({
    code: 'reimage.wrong-image',
    problem: `${host} does not run what was asked for`,
    because: mark
      ? `it came up with ${mark.image}, wanted was ${image}`
      : 'it has no mark of an installer',
    effect: 'none',
    next: `${host} stays out of service. Find out what it booted from; retry looks again.`,
  });
}

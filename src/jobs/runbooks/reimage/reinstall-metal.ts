import type * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { defineStep, type StepContext } from '../../model/runbook.ts';
import { Before, installationOf, newNonce, ReinstallTarget } from './installation.ts';
import { startWatching } from './watch-console.ts';

type Context = StepContext<z.infer<typeof ReinstallTarget>>;

/** Arms the installer, reads that back and fires, with no wait in between. The point of no return. */
export const reinstallMetal = defineStep({
  with: ReinstallTarget,
  output: Before,
  async run(context) {
    const { intend, ports, signal } = context;
    const { host } = context.with;
    if (context.intent === undefined) await startWatching(context);
    const bootId = (await ports.witness.bootId(host, signal)) ?? null;
    const before = Before.parse(await intend({ bootId, nonce: newNonce() }));
    await arm(context, before);
    await ports.installer.fire(host, signal);
    return { kind: 'done', output: before };
  },
  // The host that answers with the boot id it had before has not been restarted.
  async probe({ op, with: { host }, intent, ports, signal }) {
    if (intent === undefined) return { kind: 'not-done' };
    const before = Before.parse(intent);
    if (await ports.reports.reportOf(op, host, signal)) return { kind: 'done', output: before };
    const now = await ports.witness.bootId(host, signal);
    if (now === undefined) return { kind: 'unknown', because: `${host} does not answer` };
    if (now === before.bootId) return { kind: 'not-done' };
    return { kind: 'unknown', because: `${host} was restarted and no installer has reported` };
  },
  async disarm(context) {
    const {
      op,
      with: { host },
      intent,
      ports,
      signal,
    } = context;
    // Without a record of what was found, nothing was armed.
    if (intent === undefined) return;
    const now = await ports.witness.bootId(host, signal);
    // It does not answer: the installer may be at work, and its token is what lets it.
    if (now === undefined) return;
    await ports.reports.close(op, host, signal);
    await ports.installer.disarm(host, signal);
    const armedFor = await ports.installer.armedFor(host, signal);
    if (armedFor !== undefined) throw stillArmed(host, armedFor);
  },
  // A second restart could hit a host that is being installed, so a person decides.
  ifInterrupted: 'ask',
  retry: { tries: 1, backoffMs: 0 },
  attemptMs: 2 * 60_000,
  typicalMs: 30_000,
});

async function arm(context: Context, before: Before): Promise<void> {
  const {
    op,
    with: { host },
    ports,
    signal,
  } = context;
  const installation = installationOf(context, before);
  await ports.reports.open(host, installation, signal);
  await ports.installer.arm(host, installation, signal);
  const armedFor = await ports.installer.armedFor(host, signal);
  if (armedFor === op) return;
  throw new Failure({
    code: 'installer.not-armed',
    problem: `the installer of ${host} could not be armed`,
    because: armedFor ? `it is armed for ${armedFor}` : 'the entry was written and is not there',
    effect: 'none',
    next: `Nothing was restarted. Look at the boot entries of ${host}, then retry.`,
  });
}

function stillArmed(host: string, armedFor: string): Failure {
  return new Failure({
    code: 'installer.still-armed',
    problem: `the installer of ${host} could not be disarmed`,
    because: `it is still armed for ${armedFor}`,
    effect: 'unknown',
    next: `Do not restart ${host} before its boot entry is gone: it would be reinstalled.`,
  });
}

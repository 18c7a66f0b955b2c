import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { defineStep, type Outcome, type StepContext } from '../../model/runbook.ts';
import type { InstallReport } from '../../ports/installer.ts';
import { Before, ReinstallTarget } from './installation.ts';
import { lookAtConsole } from './watch-console.ts';

const Booted = z.strictObject({ bootId: z.string() });
type Context = StepContext<z.infer<typeof ReinstallTarget>>;

/**
 * Down, then up: another boot id than before, the nonce that only the installer was given, and the host key that the
 * installer reported with it. A host that was taken over has none of these.
 */
export const awaitInstalled = defineStep({
  with: ReinstallTarget,
  output: Booted,
  async run(context): Promise<Outcome<z.infer<typeof Booted>>> {
    const {
      op,
      with: { host },
      output,
      ports,
      signal,
    } = context;
    const before = output('reinstall', Before);
    const report = await ports.reports.reportOf(op, host, signal);
    if (report === undefined) {
      return watchfully(context, wait(10_000, `waiting for the installer of ${host} to report`));
    }
    await trust(context, before, report);
    const bootId = await ports.witness.bootId(host, signal);
    if (bootId === undefined || bootId === before.bootId) {
      return watchfully(context, wait(5_000, `${host} is installed, waiting for SSH`));
    }
    await proveMark(context, before);
    await ports.reports.close(op, host, signal);
    return { kind: 'done', output: { bootId } };
  },
  ifInterrupted: 'run-again',
  waitMs: 45 * 60_000,
  typicalMs: 8 * 60_000,
});

function wait(afterMs: number, note: string): Outcome<never> {
  return { kind: 'wait', wake: { afterMs }, memo: null, note };
}

/** What was waited for may have come in spite of what the console shows; what has not come may never come. */
async function watchfully<T>(context: Context, waiting: T): Promise<T> {
  await lookAtConsole(context);
  return waiting;
}

async function trust(
  { op, with: { host }, intend, ports: { hostKeys } }: Context,
  { nonce }: Before,
  report: InstallReport,
): Promise<void> {
  if (report.nonce !== nonce) throw notProved(host, 'the report carries another nonce');
  const expected = await hostKeys.expected(host);
  await intend({ hostKey: expected ?? null });
  if (expected !== report.hostKey)
    await hostKeys.replace(host, report.hostKey, `reinstalled by ${op}`);
}

async function proveMark(
  { with: { host }, ports: { witness }, signal }: Context,
  { nonce }: Before,
): Promise<void> {
  const mark = await witness.installed(host, signal);
  if (mark?.nonce === nonce) return;
  throw notProved(host, mark ? 'its mark carries another nonce' : 'it has no mark of an installer');
}

function notProved(host: string, because: string): Failure {
  return new Failure({
    code: 'reimage.not-proved',
    problem: `${host} cannot prove that it was reinstalled`,
    because,
    effect: 'none',
    next: `Do not put ${host} back into service. Look at its console; retry looks again.`,
  });
}

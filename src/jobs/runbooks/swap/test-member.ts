import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { defineStep, type Outcome } from '../../model/runbook.ts';
import { waitUntil } from './nominal-ms.ts';
import { memberAim, runChecks } from './run-checks.ts';
import { MemberTarget, serviceNow } from './target.ts';

/** Tests one member at its own address, under the service's name, wherever that points. */
export const testMember = defineStep({
  with: MemberTarget,
  output: z.null(),
  async run(context): Promise<Outcome<null>> {
    const { host } = context.with;
    const service = serviceNow(context);
    const checked = await runChecks(context, service.checks, memberAim(context, service, host));
    if (checked.kind === 'passed') return { kind: 'done', output: null };
    if (checked.kind === 'failed') throw notFit(service.name, host, checked.failures);
    const note = `testing ${host}: ${checked.open.join(', ')}`;
    return waitUntil(context, checked.at, note);
  },
  ifInterrupted: 'run-again',
  retry: { tries: 1, backoffMs: 0 },
  typicalMs: 15_000,
});

function notFit(service: string, host: string, failures: readonly string[]): Failure {
  return new Failure({
    code: 'swap.member-unfit',
    problem: `${host} does not serve ${service} as it should`,
    because: failures.join('; '),
    effect: 'none',
    next: `Mend it on ${host}; retry tests it from the beginning.`,
  });
}

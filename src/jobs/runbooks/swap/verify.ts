import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { defineStep, type Outcome } from '../../model/runbook.ts';
import { mayReturn } from './may-return.ts';
import { waitUntil } from './nominal-ms.ts';
import { forgetChecks, publicAim, runChecks } from './run-checks.ts';
import { type SwapContext, SwapTarget, serviceNow } from './target.ts';

/** `kept`: somebody decided that it stays so although a check failed. */
const Verified = z.strictObject({ kept: z.boolean() });
type Verified = z.infer<typeof Verified>;

/** Tests the service by its public name. Where it fails, everything goes back, or people are asked. */
export const verify = defineStep({
  with: SwapTarget,
  output: Verified,
  async run(context): Promise<Outcome<Verified>> {
    if (context.answer === 'keep') return { kind: 'done', output: { kept: true } };
    if (context.answer === 'again') await forgetChecks(context);
    const service = serviceNow(context);
    const aim = publicAim(service, context.with.to.host);
    const checked = await runChecks(context, service.checks, aim);
    switch (checked.kind) {
      case 'passed':
        return { kind: 'done', output: { kept: false } };
      case 'ask-again': {
        const note = `testing ${context.with.name}: ${checked.open.join(', ')}`;
        return waitUntil(context, checked.at, note);
      }
      case 'failed':
        return failed(context, checked.failures);
      default:
        return checked satisfies never;
    }
  },
  ifInterrupted: 'run-again',
  retry: { tries: 1, backoffMs: 0 },
  typicalMs: 15_000,
});

async function failed(
  context: SwapContext,
  failures: readonly string[],
): Promise<Outcome<Verified>> {
  const { with: target } = context;
  const what = `${target.service} fails its tests at ${target.to.host}`;
  const may = await mayReturn(context, serviceNow(context), target.to.host);
  if (may.kind === 'yes') return { kind: 'turn-back', failure: testsFailed(what, failures) };
  return {
    kind: 'ask',
    memo: null,
    prompt: {
      question: `${what}: ${failures.join('; ')} · ${target.name} points at ${target.to.host} · it does not go back by itself: ${may.because}`,
      options: [
        { word: 'again', emoji: '🔁' },
        { word: 'keep', emoji: '✅' },
        { word: 'rollback', emoji: '↩️', does: 'rollback' },
      ],
    },
  };
}

function testsFailed(problem: string, failures: readonly string[]): Failure {
  return new Failure({
    code: 'swap.tests-failed',
    problem,
    because: failures.join('; '),
    effect: 'none',
    next: 'It goes back to where it was.',
  });
}

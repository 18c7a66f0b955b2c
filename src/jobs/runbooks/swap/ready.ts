import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { defineStep, type Outcome } from '../../model/runbook.ts';
import { activeMember } from './active-member.ts';
import { healthyStorage } from './healthy-storage.ts';
import { type SwapContext, SwapTarget, serviceNow } from './target.ts';
import { testStandby } from './test-standby.ts';
import { seeUnit } from './unit-calls.ts';

/**
 * Storage healthy, every DNS server of one mind, the standby there, sound and not running what may run once only, also not
 * once it has booted again.
 */
export const ready = defineStep({
  with: SwapTarget,
  output: z.null(),
  async run(context): Promise<Outcome<null>> {
    const { with: target, ports, signal } = context;
    const service = serviceNow(context);
    await healthyStorage(service, ports.storage, signal);
    const active = await activeMember(service, ports.dns, signal);
    if (active.host !== target.from.host) throw moved(target, active.host);
    await testStandby(service, target.to.host, ports, signal);
    await ports.shell.run(target.to.host, { argv: ['true'], timeoutMs: 15_000 }, signal);
    for (const unit of service.units.one) await refuseRunning(context, unit);
    return { kind: 'done', output: null };
  },
  ifInterrupted: 'run-again',
  attemptMs: 2 * 60_000,
  typicalMs: 5_000,
});

function moved({ service, from }: SwapContext['with'], active: string): Failure {
  return new Failure({
    code: 'swap.moved',
    problem: `${service} was moved by somebody else`,
    because: `${active} is active now, it was ${from.host} when this was planned`,
    effect: 'none',
    next: 'Roll back, look who did it, and ask for it again.',
  });
}

async function refuseRunning(context: SwapContext, unit: string): Promise<void> {
  const { host } = context.with.to;
  const { state, atBoot } = await seeUnit(context, host, unit);
  if (state === 'running') throw runsThere(unit, host);
  if (atBoot) throw startsThere(unit, host);
}

function runsThere(unit: string, host: string): Failure {
  return new Failure({
    code: 'swap.runs-there',
    problem: `${unit} may run on one member only`,
    because: `${host} stands by and runs it`,
    effect: 'none',
    next: 'Find out which of the two is right, and stop the other one; then retry.',
  });
}

function startsThere(unit: string, host: string): Failure {
  return new Failure({
    code: 'swap.starts-there',
    problem: `${unit} may run on one member only`,
    because: `${host} stands by and would start it when it boots`,
    effect: 'none',
    next: `Run systemctl disable ${unit} on ${host}; then retry.`,
  });
}

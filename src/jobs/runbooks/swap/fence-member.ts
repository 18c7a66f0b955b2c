import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import { hostOf } from '../../../domain/in-inventory.ts';
import type { Json } from '../../../domain/json.ts';
import type { Fence, Service } from '../../../domain/service.ts';
import type { SwapContext } from './target.ts';

/** Off that often in a row, so far apart: a controller may give an old answer for a while. */
const POLLS = 2;
const APART_MS = 5_000;
const PATIENCE_MS = 3 * 60_000;
/** Longer than anybody needs to find the member and mend it. */
const BARRED_MS = 7 * 24 * 60 * 60_000;
/** One that was barred before keeps its end; sooner than this proves nothing. */
const BARRED_AT_LEAST_MS = 24 * 60 * 60_000;

/** `nextAt`: a controller that is asked sooner proves nothing. */
export const FenceMemo = z.strictObject({
  until: z.number(),
  off: z.int(),
  nextAt: z.number().default(0),
});
export type FenceMemo = z.infer<typeof FenceMemo>;

export type Fenced =
  | { readonly kind: 'proved'; readonly by: Fence }
  | { readonly kind: 'waiting'; readonly note: string; readonly memo: FenceMemo };

/** Makes sure in another way that a member which does not answer runs nothing. A Failure when nothing proves it. */
export async function fenceMember(
  context: SwapContext,
  { name, fences }: Service,
  unreachable: Failure,
  memo: FenceMemo | undefined,
): Promise<Fenced> {
  const { from } = context.with;
  if (fences.length === 0) throw noFence(name, from.host, unreachable.message);
  const kept = memo ?? { until: context.later(PATIENCE_MS), off: 0, nextAt: 0 };
  if (fences.includes('blocklist') && (await isBarred(context, memo === undefined)))
    return { kind: 'proved', by: 'blocklist' };
  if (!fences.includes('power'))
    return orGiveUp(context, kept, 'the storage does not refuse it for long');
  const polled = await poll(context, kept);
  if (polled.off >= POLLS) return { kind: 'proved', by: 'power' };
  return orGiveUp(context, polled, 'its power is not off by two polls');
}

/** Takes back what was done to a member that did not answer. */
export async function liftFence(context: SwapContext, { fences }: Service, host: HostName) {
  if (wasReached(context.intent)) return;
  const { ports, signal } = context;
  const { address } = hostOf(ports.inventory.current(), host);
  if (fences.includes('blocklist')) await ports.storage.unbar(address, signal);
  if (fences.includes('power')) await ports.power.on(host, signal);
}

function wasReached(intent: Json | undefined): boolean {
  return z.object({ reached: z.boolean() }).parse(intent).reached;
}

async function isBarred({ with: { from }, ports, signal, now }: SwapContext, isFirst: boolean) {
  const { address } = hostOf(ports.inventory.current(), from.host);
  if (isFirst) await ports.storage.bar(address, BARRED_MS, signal);
  const found = await ports.storage.barred(address, signal);
  return found.kind === 'barred' && found.until >= now() + BARRED_AT_LEAST_MS;
}

async function poll(context: SwapContext, memo: FenceMemo): Promise<FenceMemo> {
  const { with: target, ports, now, later, signal } = context;
  const { host } = target.from;
  if (now() < memo.nextAt) return memo;
  if ((await ports.power.state(host, signal)) === 'off')
    return { ...memo, off: memo.off + 1, nextAt: later(APART_MS) };
  await ports.power.off(host, signal);
  return { ...memo, off: 0, nextAt: 0 };
}

function orGiveUp(context: SwapContext, memo: FenceMemo, because: string): Fenced {
  const { service, from } = context.with;
  if (context.now() >= memo.until) throw notConfirmed(service, from.host, because);
  const note = `waiting for the proof that nothing of ${service} runs on ${from.host}`;
  return { kind: 'waiting', note, memo };
}

function noFence(service: string, host: string, because: string): Failure {
  return new Failure({
    code: 'swap.no-fence',
    problem: `nobody can prove that ${host} runs nothing of ${service}`,
    because: `${because}; and the inventory names no other fence`,
    effect: 'none',
    next: `Nothing was promoted. Reach ${host}, or cut its power and describe that fence.`,
  });
}

function notConfirmed(service: string, host: string, because: string): Failure {
  return new Failure({
    code: 'swap.fence-not-confirmed',
    problem: `nobody knows whether ${host} runs something of ${service}`,
    because,
    effect: 'none',
    next: `Nothing was promoted. Cut the power of ${host} by hand, then retry.`,
  });
}

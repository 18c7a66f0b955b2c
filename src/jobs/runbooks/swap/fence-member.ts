import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { Json } from '../../../domain/json.ts';
import type { Fence, Service } from '../../../domain/service.ts';
import { hostOf } from '../reimage/image-of.ts';
import type { SwapContext } from './target.ts';

/** Off that often in a row: a controller's one answer may be stale. */
const POLLS = 2;
const PATIENCE_MS = 3 * 60_000;
/** Longer than anybody needs to find the member and mend it. */
const BARRED_MS = 7 * 24 * 60 * 60_000;
/** One that was barred before keeps its end; sooner than this proves nothing. */
const BARRED_AT_LEAST_MS = 24 * 60 * 60_000;

export const FenceMemo = z.strictObject({ until: z.number(), off: z.int() });
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
  const kept = memo ?? { until: context.later(PATIENCE_MS), off: 0 };
  if (fences.includes('blocklist') && (await isBarred(context, memo === undefined)))
    return { kind: 'proved', by: 'blocklist' };
  if (!fences.includes('power'))
    return orGiveUp(context, kept, 'the storage does not refuse it for long');
  const off = await pollsOff(context, kept);
  if (off >= POLLS) return { kind: 'proved', by: 'power' };
  return orGiveUp(context, { ...kept, off }, 'its power is not off by two polls');
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

async function pollsOff({ with: { from }, ports, signal }: SwapContext, { off }: FenceMemo) {
  if ((await ports.power.state(from.host, signal)) === 'off') return off + 1;
  await ports.power.off(from.host, signal);
  return 0;
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

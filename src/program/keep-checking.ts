import { checkDurable } from '../adapters/store/durability.ts';
import type { Program } from './program.ts';

const EVERY_MS = 20_000;

/** A bot looks now and then whether the store keeps what it acknowledges, also for workers that may not look themselves. */
export function keepChecking(
  { store: { name, durable, replicas, connection } }: Program,
  report: (problem: unknown) => void,
): { stop(): void } {
  if (!durable) return { stop: () => undefined };
  const redis = connection('commands');
  const look = () => checkDurable(redis, { name, sentinels: replicas > 0 }).catch(report);
  const timer = setInterval(() => void look(), EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

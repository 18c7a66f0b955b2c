import { checkDurable } from '../adapters/store/durability.ts';
import type { Readiness } from '../adapters/web/status-server.ts';
import { rootMessage } from '../domain/failure.ts';
import type { Program } from './program.ts';
import type { RunningBot } from './start-bot.ts';
import type { RunningWorker } from './start-worker.ts';

export interface Running {
  readonly bot: RunningBot | undefined;
  readonly workers: readonly RunningWorker[];
}

/** Whether a process can do its work right now: each part by itself, none of it remembered. */
export function readiness(program: Program): (running: Running) => Promise<readonly Readiness[]> {
  const redis = program.store.connection('commands');
  return async ({ bot, workers }) => [
    await store(program, redis),
    ...(bot?.duties ?? []).map(({ name, isHeld }) => ({
      about: name,
      ready: true,
      text: isHeld ? 'this bot' : 'another bot; this one stands by',
    })),
    ...workers.map(({ zone, isTaking }) => ({
      about: `worker of ${zone}`,
      ready: isTaking(),
      text: isTaking() ? 'takes work' : 'takes no work',
    })),
  ];
}

/** It answers, takes writes, and keeps what it acknowledges. */
async function store(
  { store: { name, durable, replicas } }: Program,
  redis: Parameters<typeof checkDurable>[0],
): Promise<Readiness> {
  try {
    if (durable) await checkDurable(redis, { name, sentinels: replicas > 0 });
    else await redis.ping();
    return { about: 'store', ready: true, text: `${name} answers` };
  } catch (problem) {
    return { about: 'store', ready: false, text: rootMessage(problem) };
  }
}

import type { ChainableCommander, Redis } from 'ioredis';
import * as z from 'zod';
import { type Durations, KEPT_SAMPLES, type StepKind } from '../../bot/estimates/durations.ts';
import { reading, writing } from './store-failure.ts';

/** What was not done for a year is not usual any more, and images come and go. */
const EXPIRES_AFTER_S = 366 * 24 * 60 * 60;

/** `op-7k2m 240000`: an operation takes a step once, so that noting it again adds nothing. */
const Member = z.string().transform((text) => Number(text.split(' ')[1]));
const Answers = z.array(z.array(Member));

/** For each kind of step a sorted set of its samples, by when they ended. */
export function redisDurations(
  redis: Redis,
  { prefix = 'sb:' }: { readonly prefix?: string } = {},
): Durations {
  const keyOf = ({ runbook, step, image }: StepKind) =>
    `${prefix}took:${encodeURIComponent(runbook)}:${step}:${image ?? '*'}`;
  return {
    async record(samples) {
      const all = redis.multi();
      for (const { op, ms, endedAt, runbook, step, image } of samples) {
        const kinds = [{ runbook, step }, ...(image ? [{ runbook, step, image }] : [])];
        for (const key of kinds.map(keyOf)) {
          all.zadd(key, endedAt, `${op} ${ms}`);
          all.zremrangebyrank(key, 0, -KEPT_SAMPLES - 1);
          all.expire(key, EXPIRES_AFTER_S);
        }
      }
      await writing(answersOf(all));
    },
    async newest(kinds) {
      const all = redis.pipeline();
      for (const kind of kinds) all.zrangebyscore(keyOf(kind), '-inf', '+inf');
      return Answers.parse(await reading(answersOf(all)));
    },
  };
}

/** The client hands errors of single commands over like answers. */
async function answersOf(all: ChainableCommander): Promise<unknown[]> {
  const replies = (await all.exec()) ?? [];
  for (const [error] of replies) if (error !== null) throw error;
  return replies.map(([, answer]) => answer);
}

import { access, constants } from 'node:fs/promises';
import * as z from 'zod';
import type { Downtime } from '../../jobs/ports/downtime.ts';
import { defineDriver } from '../driver.ts';
import { notStarted, runHook } from './downtime-command/run-hook.ts';
import { complaintAboutWords, fillWords } from './downtime-command/words.ts';

const Words = z
  .array(z.string())
  .min(1, 'expected a program and its words')
  .superRefine((words, { addIssue }) => {
    const message = complaintAboutWords(words);
    if (message !== undefined) addIssue({ code: 'custom', message });
  });

const DowntimeCommandConfig = z.strictObject({
  /** `begin` comes again with a later time, and `end` may come where nothing stands. */
  run: Words,
  'timeout-s': z.number().positive().max(60).default(5),
});

export default defineDriver({
  port: 'downtime',
  product: 'command',
  config: DowntimeCommandConfig,
  connect: ({ run, 'timeout-s': timeoutSeconds }) => {
    const [program = ''] = run;
    return {
      port: downtimeCommand(run, timeoutSeconds * 1000),
      check: async () => {
        await access(program, constants.X_OK).catch((cause) => {
          throw notStarted(program, cause);
        });
        return program;
      },
      close: async () => {},
    };
  },
});

function downtimeCommand(words: readonly string[], timeoutMs: number): Downtime {
  return {
    async begin(host, { op, until }, signal) {
      const values = { action: 'begin', host, op, until: timeOf(until) } as const;
      await runHook(fillWords(words, values), timeoutMs, signal);
    },
    async end(host, op, signal) {
      const values = { action: 'end', host, op, until: timeOf(Date.now()) } as const;
      await runHook(fillWords(words, values), timeoutMs, signal);
    },
  };
}

function timeOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

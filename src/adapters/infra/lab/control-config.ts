import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

export const ControlConfig = z.strictObject({
  /** Where the lab listens, e.g. http://127.0.0.1:7070. */
  control: z
    .url('expected the address of the lab such as http://127.0.0.1:7070')
    .transform((text) => new URL(text))
    .refine((url) => url.protocol === 'http:' && LOOPBACK.includes(url.hostname), {
      error: 'expected http on this machine: a lab is never elsewhere',
    }),
  'token-file': z.string().min(1).optional(),
  /** The variable that holds the token, where there is no file. */
  'token-env': z.string().min(1).default('SIGNALBOX_LAB_TOKEN'),
});
export type ControlConfig = z.infer<typeof ControlConfig>;

export async function controlToken(config: ControlConfig): Promise<string> {
  const file = config['token-file'];
  if (file !== undefined) return readToken(file);
  const name = config['token-env'];
  const token = process.env[name];
  if (token) return token;
  throw noToken(`${name} is not set`, `Set ${name}, or token-file in the configuration.`);
}

async function readToken(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw noToken(`${file} cannot be read`, `Check token-file in the configuration.`, cause);
  }
}

function noToken(because: string, next: string, cause?: unknown): Failure {
  const problem = 'The lab cannot be asked';
  return new Failure({ code: 'lab.no-token', problem, because, effect: 'none', next, cause });
}

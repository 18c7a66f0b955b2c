import * as z from 'zod';
import { isGuarded } from '../guarded-url.ts';
import { defineNetwork, type NetworkEnvironment } from '../network.ts';
import { checkMatrix } from './matrix/check-matrix.ts';
import { type MatrixOptions, matrixNetwork } from './matrix/matrix-network.ts';
import { parseUserId } from './matrix/user-id.ts';

const MatrixConfig = z.strictObject({
  homeserver: z
    .url('expected an address such as https://matrix.example.org')
    .transform((text) => new URL(text))
    .refine(({ pathname, search, hash }) => pathname === '/' && search === '' && hash === '', {
      error: 'expected the address alone, such as https://matrix.example.org',
    })
    .refine(isGuarded, {
      error:
        'expected https: plain http is only for a homeserver on this machine (localhost, 127.0.0.1, [::1])',
    }),
  'token-file': z.string().min(1).optional(),
  'keys-folder': z.string().min(1).optional(),
  homeservers: z
    .array(
      z
        .string()
        .refine(
          (server) => parseUserId(`@a:${server}`) !== undefined,
          'expected what stands after the colon of a user id, such as example.org',
        ),
    )
    .min(1, 'expected at least one homeserver')
    .optional(),
  'invited-by': z
    .array(
      z
        .string()
        .refine(
          (id) => parseUserId(id) !== undefined,
          'expected a user id such as "@ana:example.org"',
        ),
    )
    .default([]),
});
type MatrixConfig = z.infer<typeof MatrixConfig>;

/** Any homeserver of Matrix. */
export default defineNetwork({
  name: 'matrix',
  config: MatrixConfig,
  assurance: { proves: 'session', may: 'approve' },
  connect: (config, environment, memory) => matrixNetwork(optionsFrom(config, environment), memory),
  check: (config, environment, signal) => checkMatrix(optionsFrom(config, environment), signal),
});

function optionsFrom(config: MatrixConfig, environment: NetworkEnvironment): MatrixOptions {
  const { name, channels, secrets, log } = environment;
  return {
    name,
    prefix: () => environment.prefix,
    url: new URL(config.homeserver.origin),
    tokenFile: config['token-file'],
    keysFolder: config['keys-folder'],
    homeservers: config.homeservers,
    inviters: config['invited-by'],
    channels,
    secrets,
    log,
  };
}

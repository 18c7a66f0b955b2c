import * as z from 'zod';
import { defineNetwork, type NetworkEnvironment } from '../network.ts';
import { checkIrc } from './irc/check-irc.ts';
import { type IrcOptions, ircNetwork } from './irc/irc-network.ts';
import type { Login } from './irc/login.ts';

const common = {
  server: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9.:-]*$/, 'expected a host such as irc.example.org'),
  port: z.int().min(1).max(65_535).default(6697),
  nick: z
    .string()
    .regex(
      /^[A-Za-z[\]\\`_^{|}][A-Za-z0-9[\]\\`_^{|}-]{0,29}$/,
      'expected a nick such as signalbox',
    )
    .optional(),
  'ca-file': z.string().min(1).optional(),
  'line-burst': z.int().min(1).max(100).default(4),
  'line-interval-ms': z.int().min(1).max(60_000).default(2_000),
};

const IrcConfig = z.discriminatedUnion(
  'login',
  [
    z.strictObject({
      ...common,
      login: z.literal('password'),
      account: z
        .string()
        .regex(/^[^\s\p{Cc}]+$/u, 'expected an account of services such as signalbox'),
      'password-file': z.string().min(1).optional(),
    }),
    z.strictObject({
      ...common,
      login: z.literal('certificate'),
      'certificate-file': z.string().min(1),
      'key-file': z.string().min(1),
    }),
  ],
  { error: 'expected password or certificate' },
);
type IrcConfig = z.infer<typeof IrcConfig>;

/** Any network of IRC servers with services and TLS. */
export default defineNetwork({
  name: 'irc',
  config: IrcConfig,
  assurance: { proves: 'account', may: 'approve' },
  connect: (config, environment) => ircNetwork(optionsFrom(config, environment)),
  check: (config, environment, signal) => checkIrc(optionsFrom(config, environment), signal),
});

function optionsFrom(config: IrcConfig, environment: NetworkEnvironment): IrcOptions {
  const { name, channels, secrets, log } = environment;
  const caFile = config['ca-file'];
  return {
    server: { host: config.server, port: config.port },
    nick: config.nick ?? 'signalbox',
    realName: `Signalbox of ${name}`,
    login: loginFrom(config),
    ...(caFile !== undefined && { caFile }),
    channels,
    pace: { burst: config['line-burst'], everyMs: config['line-interval-ms'] },
    secrets,
    log,
  };
}

function loginFrom(config: IrcConfig): Login {
  if (config.login === 'password') {
    return { kind: 'password', account: config.account, passwordFile: config['password-file'] };
  }
  return {
    kind: 'certificate',
    certificateFile: config['certificate-file'],
    keyFile: config['key-file'],
  };
}

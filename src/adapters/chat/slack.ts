import * as z from 'zod';
import { defineNetwork, type NetworkEnvironment } from '../network.ts';
import { slackNetwork } from './slack/slack-network.ts';
import type { SlackOptions, Way } from './slack/slack-options.ts';

const common = {
  team: z.string().regex(/^T[A-Z0-9]+$/, 'expected the id of a workspace such as T01ABCDE2'),
  'bot-token-file': z.string().min(1).optional(),
  'api-url': z
    .string()
    .regex(
      /^(?:https:\/\/[^\s/]+|http:\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?)\/(?:[^\s]*\/)?$/,
      'expected an https address with a slash at its end such as https://slack.com/api/',
    )
    .default('https://slack.com/api/'),
  'post-interval-ms': z.int().min(1).max(60_000).default(1_000),
  'edit-interval-ms': z.int().min(1).max(60_000).default(1_000),
};

const SlackConfig = z.discriminatedUnion(
  'mode',
  [
    z.strictObject({
      ...common,
      mode: z.literal('socket'),
      'app-token-file': z.string().min(1).optional(),
    }),
    z.strictObject({
      ...common,
      mode: z.literal('http'),
      listen: z
        .string()
        .regex(
          /^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}$/,
          'expected an address and a port such as 127.0.0.1:3001',
        ),
      'signing-secret-file': z.string().min(1).optional(),
    }),
  ],
  { error: 'expected socket or http' },
);
type SlackConfig = z.infer<typeof SlackConfig>;

/** One workspace of Slack, by an app of one's own. */
export default defineNetwork({
  name: 'slack',
  config: SlackConfig,
  assurance: { proves: 'session', may: 'approve' },
  connect: (config, environment, memory) => slackNetwork(optionsFrom(config, environment), memory),
  async check(config, environment, signal) {
    const { checkSlack } = await import('./slack/check-slack.ts');
    return checkSlack(optionsFrom(config, environment), signal);
  },
});

function optionsFrom(config: SlackConfig, environment: NetworkEnvironment): SlackOptions {
  const { name, channels, secrets, log } = environment;
  return {
    name,
    prefix: () => environment.prefix,
    team: config.team,
    way: wayFrom(config),
    botTokenFile: config['bot-token-file'],
    api: config['api-url'],
    channels,
    pace: { postEveryMs: config['post-interval-ms'], editEveryMs: config['edit-interval-ms'] },
    secrets,
    log,
  };
}

function wayFrom(config: SlackConfig): Way {
  if (config.mode === 'socket') return { kind: 'socket', appTokenFile: config['app-token-file'] };
  return {
    kind: 'http',
    listen: config.listen,
    signingSecretFile: config['signing-secret-file'],
  };
}

import type { WebhookSettings } from '../adapters/config/settings.ts';
import { httpWebhook } from '../adapters/web/report-webhook/http-webhook.ts';
import type { Bot } from '../bot/bot.ts';
import type { Follower } from '../bot/feed/follow-feed.ts';
import { deliverReports } from '../bot/reports/deliver-reports.ts';
import type { Program } from './program.ts';

type Known = Pick<Bot, 'estimates' | 'report'>;

/** Posts reports to the webhooks of the settings, each at its own pace. */
export function startReportWebhooks(program: Program, { estimates, report }: Known): Follower {
  const { journal, timing, now, log, redactor } = program;
  const names = program.configuration.settings.webhooks.map(({ name }) => name);
  const running = names.map((name) =>
    deliverReports({
      webhook: httpWebhook({
        name,
        settings: () => settingsOf(program, name),
        secret: (secret, signal) => webhookSecret(program, secret, signal),
        now,
      }),
      journal,
      estimates,
      timeScale: timing.timeScale,
      now,
      log: (message) => log('warn', redactor.redact(message)),
      report,
    }),
  );
  return {
    stop: async () => void (await Promise.all(running.map((each) => each.stop()))),
  };
}

/** A file that somebody wrote with an editor ends with a line break that is not meant. */
export async function webhookSecret(
  { secrets }: Pick<Program, 'secrets'>,
  name: string,
  signal: AbortSignal,
): Promise<string> {
  return (await secrets.read(name, undefined, signal)).replace(/\r?\n$/, '');
}

function settingsOf({ configuration }: Program, name: string): WebhookSettings {
  const found = configuration.settings.webhooks.find((webhook) => webhook.name === name);
  if (found === undefined) throw new Error(`${name} is not in the settings any more`);
  return found;
}

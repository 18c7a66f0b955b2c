import { expect, it } from 'vitest';
import { signReport } from '../../../src/adapters/web/report-webhook/sign-report.ts';
import { type Received, status, type WebhookServer, webhookServer } from '../../webhook-server.ts';
import { eventually } from './eventually.ts';
import { onSite } from './on-site.ts';
import { replaceSettings } from './replace-settings.ts';
import { opIn, type Site } from './site.ts';

const SECRET = 'a key that both sides know';
process.env.SIGNALBOX_SECRET_TICKETS_WEBHOOK = SECRET;

/** A site whose bot reports to a program on this machine. */
function reporting(test: (site: Site, server: WebhookServer) => Promise<void>) {
  return onSite(async (site) => {
    const server = await webhookServer();
    try {
      await reportTo(site, server);
      await test(site, server);
    } finally {
      await server.close();
    }
  });
}

async function reportTo({ configPath }: Site, { url }: WebhookServer): Promise<void> {
  const webhooks = [{ name: 'tickets', url: url.href, secret: 'tickets-webhook' }];
  await replaceSettings(configPath, () => ({ reports: { webhooks } }));
}

/** Asked for, and cancelled before anybody approved it. */
async function cancelled(site: Site, host: string) {
  const op = opIn((await site.asked(host)).lines);
  await site.channel.say('ana', `!cancel ${op}`);
  return op;
}

function opsIn(received: readonly Received[]): readonly string[] {
  return received.map(({ body }) => JSON.parse(body).op);
}

it(
  'a bot that is killed while a webhook fails delivers what it owed, and what ended meanwhile',
  reporting(async (site, server) => {
    const [bot, worker] = await Promise.all([site.startBot(), site.startWorker()]);
    server.answers(status(500));
    const first = await cancelled(site, 'builder-08');
    await eventually(() => server.received.length >= 2);
    worker.signal('SIGSTOP');
    const second = await cancelled(site, 'builder-04');
    await bot.kill();
    worker.signal('SIGCONT');
    await eventually(async () => (await site.journal.open()).length === 0);
    const failed = server.received.length;
    expect(new Set(opsIn(server.received))).toEqual(new Set([first]));
    server.answers(status(204));
    await site.startBot();
    await eventually(() => server.received.length >= failed + 2);
    expect(opsIn(server.received.slice(failed))).toEqual([first, second]);
    const { headers, body } = server.received.at(-1) as Received;
    const at = Number(headers['x-signalbox-timestamp']);
    expect(headers['x-signalbox-signature']).toBe(signReport(SECRET, at, body));
    expect(JSON.parse(body)).toMatchObject({ outcome: 'cancelled', hosts: ['builder-04'] });
  }),
);

it(
  'a webhook that never takes it is told of in the channel, and nothing waits for it',
  reporting(async (site, server) => {
    await Promise.all([site.startBot(), site.startWorker()]);
    server.answers(status(403));
    const op = await cancelled(site, 'builder-08');
    await site.channel.hears(new RegExp(`${op} report not delivered to tickets: HTTP 403`));
    expect(opsIn(server.received)).toEqual([op]);
    expect(await site.channel.ask('ana', '!status')).toContain('0 operations open');
  }),
);

import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { eventually } from '../program/eventually.ts';
import { endsWell, onSite } from '../program/on-site.ts';
import { type AlertmanagerServer, alertmanagerServer } from './alertmanager-server.ts';

async function alertmanager(): Promise<AlertmanagerServer> {
  const server = await alertmanagerServer();
  onTestFinished(() => server.close());
  await server.alert('builder-08');
  await server.alert('builder-09');
  return server;
}

async function silencedBy(server: AlertmanagerServer, configPath: string): Promise<void> {
  const settings = parse(await readFile(configPath, 'utf8'));
  settings.zones.staging.drivers.downtime = { product: 'alertmanager', urls: [server.url] };
  await writeFile(configPath, stringify(settings));
}

describe('an alert about a host that is reimaged', () => {
  it(
    'reaches nobody while that goes on, and somebody afterwards',
    onSite(async (site) => {
      const server = await alertmanager();
      await silencedBy(server, site.configPath);
      await Promise.all([site.startBot(), site.startWorker()]);
      const prompt = await site.asked('builder-08');
      expect(await server.isSuppressed('builder-08')).toBe(false);
      await site.channel.react('ben', '👍', prompt.ref);
      await eventually(() => server.isSuppressed('builder-08'));
      expect(await server.isSuppressed('builder-09')).toBe(false);
      const [silence] = await server.silences();
      const op = silence?.createdBy.split(' ')[1] ?? '';
      await site.channel.hears(new RegExp(`${op} DONE in`));
      expect(await server.isSuppressed('builder-08')).toBe(false);
    }),
  );

  it(
    'is silenced once and not for ever when a worker was killed and another went on',
    onSite(async (site) => {
      const server = await alertmanager();
      await silencedBy(server, site.configPath);
      const [, worker] = await Promise.all([site.startBot(), site.startWorker()]);
      const ref = await site.reimage('builder-08');
      await eventually(() => server.isSuppressed('builder-08'));
      await worker.kill();
      await site.startWorker();
      await endsWell(site, ref);
      expect(await server.history()).toHaveLength(1);
      expect(await server.silences()).toEqual([]);
    }),
  );

  it(
    'is reimaged all the same when Alertmanager is down, and the channel hears which and why',
    onSite(async (site) => {
      const server = await alertmanager();
      await silencedBy(server, site.configPath);
      await server.stop();
      await Promise.all([site.startBot(), site.startWorker()]);
      const ref = await site.reimage('builder-08');
      const { host } = new URL(server.url);
      await site.channel.hears(
        new RegExp(
          `${ref.op} cannot silence the alerts about builder-08 and goes on: Alertmanager at ${host} did not answer`,
        ),
      );
      await endsWell(site, ref);
    }),
  );
});

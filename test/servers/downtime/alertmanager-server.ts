import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { freePort } from '../../free-port.ts';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';
import { killed } from '../program/killed.ts';
import { withUs } from '../program/with-us.ts';

const Alerts = z.array(
  z.object({ labels: z.record(z.string(), z.string()), status: z.object({ state: z.string() }) }),
);
const Silences = z.array(
  z.object({
    id: z.string(),
    createdBy: z.string(),
    comment: z.string(),
    endsAt: z.string(),
    status: z.object({ state: z.string() }),
  }),
);

export interface AlertmanagerServer {
  readonly url: string;
  /** Where members of its cluster reach it. */
  readonly gossip: string;
  readonly folder: string;
  /** Prometheus says that something is wrong with a host. */
  alert(host: string): Promise<void>;
  /** Whether that alert reaches nobody. Throws when there is none. */
  isSuppressed(host: string): Promise<boolean>;
  /** Those that are not over. */
  silences(): Promise<readonly z.infer<typeof Silences>[number][]>;
  /** Every silence there ever was. */
  history(): Promise<readonly z.infer<typeof Silences>[number][]>;
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface AlertmanagerOptions {
  /** Another member of its cluster. */
  readonly peer?: string;
  /** Its web configuration: TLS and logins. It is not asked whether it is ready then. */
  readonly web?: (folder: string) => string;
}

/** A real Alertmanager on loopback, with ports and a folder of its own. */
export async function alertmanagerServer(
  options: AlertmanagerOptions = {},
): Promise<AlertmanagerServer> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-alertmanager-'));
  const [port, gossipPort] = [await freePort(), await freePort()];
  const [address, gossip] = [`127.0.0.1:${port}`, `127.0.0.1:${gossipPort}`];
  const words = wordsOf(folder, { address, gossip, ...options });
  const url = `${options.web ? 'https' : 'http'}://${address}`;
  let child: ChildProcess | undefined;

  async function get(path: string): Promise<unknown> {
    const answer = await fetch(`${url}/api/v2/${path}`);
    if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status}`);
    return answer.json();
  }

  async function start(): Promise<void> {
    const started = spawn(...withUs('prometheus-alertmanager', ...words), {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child = started;
    let said = '';
    started.stderr.on('data', (text) => {
      said += text;
    });
    await Promise.race([
      eventually(
        () => said.includes('msg="Listening on"'),
        PATIENCE_MS,
        () => said,
      ),
      once(started, 'error').then(([problem]) => Promise.reject(problem)),
      once(started, 'exit').then(() => Promise.reject(new Error(said))),
    ]);
  }

  const stop = () => killed(child);

  const history = async () => Silences.parse(await get('silences'));
  await start();
  return {
    url,
    gossip,
    folder,
    async alert(host) {
      const labels = { alertname: 'HostDown', instance: `${host}:9100` };
      const body = JSON.stringify([{ labels }]);
      const headers = { 'content-type': 'application/json' };
      const posted = await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body });
      if (!posted.ok) throw new Error(await posted.text());
    },
    async isSuppressed(host) {
      const alerts = Alerts.parse(await get('alerts'));
      const alert = alerts.find(({ labels }) => labels.instance === `${host}:9100`);
      if (alert === undefined) throw new Error(`there is no alert about ${host}`);
      return alert.status.state === 'suppressed';
    },
    history,
    silences: async () => (await history()).filter(({ status }) => status.state !== 'expired'),
    stop,
    start,
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function wordsOf(
  folder: string,
  { address, gossip, peer, web }: AlertmanagerOptions & { address: string; gossip: string },
): readonly string[] {
  const config = join(folder, 'alertmanager.yml');
  writeFileSync(config, 'route: { receiver: nobody }\nreceivers: [ { name: nobody } ]\n');
  const webConfig = join(folder, 'web.yml');
  if (web) writeFileSync(webConfig, web(folder));
  return [
    `--config.file=${config}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=${address}`,
    `--cluster.listen-address=${gossip}`,
    `--cluster.advertise-address=${gossip}`,
    '--cluster.settle-timeout=0s',
    '--cluster.gossip-interval=50ms',
    '--cluster.pushpull-interval=1s',
    ...(peer ? [`--cluster.peer=${peer}`] : []),
    ...(web ? [`--web.config.file=${webConfig}`] : []),
  ];
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { embeddedStore } from '../../src/adapters/store/embedded-store.ts';
import { openProgram, type Program } from '../../src/program/program.ts';
import { startBot } from '../../src/program/start-bot.ts';
import { freePort } from '../free-port.ts';

let folder: string;
let port: number;
let program: Program;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-install-'));
  port = await freePort();
  await writeFile(
    join(folder, 'inventory.yaml'),
    'hosts: { web-01: { zone: staging, architecture: x86_64, address: 127.0.0.1, ssh: { user: root } } }\n',
  );
  await writeFile(join(folder, 'signalbox.yaml'), settings());
  program = await openProgram({
    configPath: join(folder, 'signalbox.yaml'),
    openStore: () => embeddedStore(),
    env: {},
    log: () => undefined,
  });
});

afterEach(async () => {
  await program.close();
  await rm(folder, { recursive: true, force: true });
});

function settings(): string {
  return `inventory: inventory.yaml
zones:
  staging:
    drivers:
      reports: { product: install-server, url: "http://127.0.0.1:${port}/", listen: 127.0.0.1, port: ${port}, files: ${folder} }
`;
}

const ask = () => fetch(`http://127.0.0.1:${port}/ipxe/web-01`).then((answer) => answer.text());

describe('the install server of a zone', () => {
  it('runs as long as the bot does, and tells a host without an operation to boot from disk', async () => {
    const bot = await startBot(program, []);
    expect(await ask()).toContain('sanboot');
    await bot.stop();
    await expect(ask()).rejects.toThrow();
  });

  it('and the networks are stopped again when the bot cannot start', async () => {
    const taken = createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    let stopped = 0;
    const network = {
      name: 'test',
      can: { edit: false, threads: false, reactions: false, files: false, formatting: 'plain' },
      start: async () => undefined,
      stop: async () => {
        stopped += 1;
      },
    };
    await expect(startBot(program, [network as never])).rejects.toThrow(/in use/);
    await new Promise((resolve) => taken.close(resolve));
    expect(stopped).toBe(1);
  });

  it("gives the zone's drivers the tokens that it goes by", async () => {
    const zone = [...program.configuration.settings.zones.keys()][0];
    if (zone === undefined) throw new Error('there is a zone');
    const { reports } = program.zone(zone).ports;
    const { signal } = new AbortController();
    expect(await reports.reportOf('op-7k2m' as never, 'web-01' as never, signal)).toBeUndefined();
  });
});

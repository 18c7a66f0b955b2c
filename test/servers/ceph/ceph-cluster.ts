import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, vi } from 'vitest';
import { freePort } from '../../free-port.ts';
import { PATIENCE_MS } from '../program/eventually.ts';
import { killed } from '../program/killed.ts';

const run = promisify(execFile);
const LIMIT = { timeout: PATIENCE_MS, interval: 100 };

export interface CephUnderTest {
  /** How `ceph` and its like are called for this cluster. */
  words(program: string): readonly string[];
  /** Runs one of its programs; rejects with what it said. */
  tool(program: string, ...words: readonly string[]): Promise<string>;
  /** Ends one of its two disks. */
  endDisk(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * One monitor, one manager and two OSDs on memory, each OSD on a "host" of its own, without systemd and without keys.
 * Its pool is called `rbd` and keeps two copies. Ends once everything is healthy.
 */
export async function cephCluster(folder: string): Promise<CephUnderTest> {
  const conf = join(folder, 'ceph.conf');
  const fsid = randomUUID();
  const monitor = `[v2:127.0.0.1:${await freePort()}]`;
  for (const name of ['mon', 'mgr', 'osd0', 'osd1']) mkdirSync(join(folder, name));
  writeFileSync(conf, configuration(folder, fsid, monitor));
  const words = (program: string) => ['env', `CEPH_CONF=${conf}`, program] as const;
  const children: ChildProcess[] = [];

  async function tool(program: string, ...more: readonly string[]): Promise<string> {
    const [command, ...rest] = words(program);
    const { stdout } = await run(command, [...rest, ...more], { timeout: PATIENCE_MS });
    return stdout.trim();
  }

  function daemon(program: string, ...more: readonly string[]): ChildProcess {
    const [command, ...rest] = words(program);
    const child = spawn(command, [...rest, ...more, '-f'], { stdio: 'ignore' });
    children.push(child);
    return child;
  }

  async function disk(id: number): Promise<ChildProcess> {
    const uuid = randomUUID();
    await tool('ceph', 'osd', 'new', uuid, `${id}`);
    await tool('ceph-osd', '-i', `${id}`, '--mkfs', '--osd-uuid', uuid);
    const place = [`host=storage-0${id + 1}`, 'root=default'];
    await tool('ceph', 'osd', 'crush', 'add', `osd.${id}`, '1', ...place);
    return daemon('ceph-osd', '-i', `${id}`);
  }

  async function stop(): Promise<void> {
    await Promise.all(children.map(killed));
  }

  async function begin(): Promise<ChildProcess> {
    const map = join(folder, 'monmap');
    await tool('monmaptool', '--create', '--fsid', fsid, '--addv', 'a', monitor, map);
    await tool('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map);
    daemon('ceph-mon', '-i', 'a');
    daemon('ceph-mgr', '-i', 'x');
    await disk(0);
    const second = await disk(1);
    await tool('ceph', 'osd', 'pool', 'create', 'rbd', '8', '8');
    await tool('ceph', 'osd', 'pool', 'application', 'enable', 'rbd', 'rbd');
    await vi.waitFor(async () => {
      expect(await tool('ceph', 'pg', 'stat')).toMatch(/^(\d+) pgs: \1 active\+clean;/);
      expect(await tool('ceph', 'health')).toBe('HEALTH_OK');
    }, LIMIT);
    return second;
  }

  const second = await begin().catch(async (problem) => {
    await stop();
    throw problem;
  });
  return {
    words,
    tool,
    async endDisk() {
      second.kill();
      await once(second, 'exit');
    },
    stop,
  };
}

/** Modules of the manager that take their time and are not needed to know how a cluster is. */
const WITHOUT =
  'alerts cephadm dashboard diskprediction_local influx insights iostat k8sevents localpool mirroring nfs osd_perf_query osd_support prometheus restful rook selftest snap_schedule stats telegraf test_orchestrator zabbix';

function configuration(folder: string, fsid: string, monitor: string): string {
  return `[global]
fsid = ${fsid}
mon host = ${monitor}
mon initial members = a
auth cluster required = none
auth service required = none
auth client required = none
run dir = ${folder}
admin socket = ${folder}/$name.$pid.asok
pid file =
log file = ${folder}/$name.log
crash dir = ${folder}
mon data = ${folder}/mon
mgr data = ${folder}/mgr
osd data = ${folder}/osd$id
osd objectstore = memstore
memstore device bytes = 67108864
osd pool default size = 2
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd crush update on start = false
osd fast shutdown notify mon = true
osd mon report interval = 1
mon data avail warn = 1
mon data avail crit = 1
mon warn on insecure global id reclaim allowed = false
mgr tick period = 1
mgr stats period = 1
mgr initial modules =
mgr disabled modules = ${WITHOUT}
`;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cephCluster } from '../../../../src/adapters/infra/ceph/ceph-cluster.ts';
import { HostName } from '../../../../src/domain/ids.ts';
import type { RemoteResult, RemoteShell } from '../../../../src/jobs/ports/remote-shell.ts';
import { storageVerdict } from '../../../../src/policies/storage-verdict.ts';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/ceph');
const { signal } = new AbortController();
const ONE_NODE = ['OSD_DOWN', 'OSD_HOST_DOWN', 'OSD_FLAGS', 'OSDMAP_FLAGS', 'PG_DEGRADED'];

type Answer = (words: string) => string | Partial<RemoteResult>;

/** Ceph on a host whose shell answers as told. */
function cephOver(answer: Answer, on = ['mon-01']) {
  const run: RemoteShell['run'] = async (host, { argv }) => {
    const words = argv.slice(3).join(' ');
    const said = answer(`${host}: ${words}`);
    const result = { code: 0, stdout: '', stderr: '', truncated: false };
    return typeof said === 'string' ? { ...result, stdout: said } : { ...result, ...said };
  };
  return cephCluster({
    on: on.map((name) => HostName.parse(name)),
    command: ['ceph'],
    asRoot: true,
    timeoutMs: 1_000,
    shell: () => ({ run }) as RemoteShell,
  });
}

function recorded(
  state: string,
  change: (file: string, text: string) => string = (_, text) => text,
) {
  return cephOver((words) => {
    const file = /: (status|osd tree|osd dump) --format json$/.exec(words)?.[1]?.replace(' ', '-');
    return change(`${file}`, readFileSync(join(FIXTURES, state, `${file}.json`), 'utf8'));
  });
}

describe('a recorded Ceph cluster', () => {
  it.each([
    ['healthy', { overall: 'ok' }, 'healthy', 'healthy'],
    ['noout', { overall: 'warning' }, 'stop', 'degraded'],
    ['group-noout', { overall: 'warning' }, 'stop', 'degraded'],
    ['osd-down', { osds: { total: 2, up: 1, in: 2 } }, 'stop', 'degraded'],
    ['maintenance', { objects: { degraded: 20, misplaced: 0, unfound: 0 } }, 'stop', 'degraded'],
    ['osd-out', { osds: { total: 2, up: 1, in: 1 } }, 'stop', 'degraded'],
    ['muted', { overall: 'ok' }, 'stop', 'degraded'],
    ['nearfull', { overall: 'warning' }, 'stop', 'stop'],
    ['full', { overall: 'error' }, 'stop', 'stop'],
    [
      'all-down',
      { placementGroups: { total: 33, active: 0, undersized: 0, degraded: 0 } },
      'stop',
      'stop',
    ],
  ])('that is %s is judged', async (state, wanted, strict, lenient) => {
    const health = await recorded(state).health(signal);
    expect(health).toMatchObject(wanted);
    expect(storageVerdict(health, []).kind).toBe(strict);
    expect(storageVerdict(health, [...ONE_NODE, 'OSD_NEARFULL', 'OSD_FULL']).kind).toBe(lenient);
  });

  it('says which node somebody is working on', async () => {
    const health = await recorded('maintenance').health(signal);
    expect(health.nodes).toEqual([
      { name: 'storage-01', osds: 1, down: 0, inMaintenance: false },
      { name: 'storage-02', osds: 1, down: 1, inMaintenance: true },
    ]);
    const { nodes } = await recorded('osd-down').health(signal);
    expect(nodes.map(({ inMaintenance }) => inMaintenance)).toEqual([false, false]);
    expect(storageVerdict(health, ONE_NODE)).toMatchObject({
      kind: 'degraded',
      because: expect.arrayContaining(['storage-02 is in maintenance', 'OSD_DOWN: 1 osds down']),
    });
  });

  it('says which clients are barred, each by itself', async () => {
    const ceph = recorded('noout');
    expect(await ceph.barred('2001:DB8:0::17', signal)).toEqual({
      kind: 'barred',
      until: Date.parse('2026-11-21T17:59:50.064Z'),
    });
    expect(await ceph.barred('192.0.2.18', signal)).toEqual({ kind: 'open' });
  });
});

describe('an answer of Ceph that is not understood', () => {
  const rejected = (code: string, because: RegExp) =>
    expect.objectContaining({ code, effect: 'none', message: expect.stringMatching(because) });
  const changed = (wanted: string, from: string | RegExp, to: string) =>
    recorded('healthy', (file, text) => (file === wanted ? text.replace(from, to) : text));

  it.each([
    ['another word for its health', changed('status', 'HEALTH_OK', 'HEALTH_FINE'), /health.status/],
    ['no word for it', changed('status', '"status":"HEALTH_OK",', ''), /health.status/],
    ['a missing number', changed('status', '"num_up_osds":2,', ''), /osdmap.num_up_osds/],
    ['groups that it does not count', changed('status', '"num_pgs":9', '"num_pgs":12'), /as many/],
    ['no flags', changed('osd-dump', 'flags_set', 'flags_sat'), /flags_set/],
    ['half an answer', changed('osd-tree', /\].*$/s, ''), /not JSON/],
    ['nothing', cephOver(() => ''), /not JSON/],
    ['more than is kept', cephOver(() => ({ stdout: '{}', truncated: true })), /longer/],
  ])('is never healthy: %s', async (_, ceph, because) => {
    await expect(ceph.health(signal)).rejects.toEqual(rejected('storage.unreadable', because));
  });

  it('is none without a manager, whose numbers are old', async () => {
    const ceph = changed('status', '"available":true', '"available":false');
    await expect(ceph.health(signal)).rejects.toMatchObject({ code: 'storage.no-manager' });
  });
});

describe('asking Ceph on several hosts', () => {
  const on = ['mon-01', 'mon-02'];
  const timedOut = { code: 1, stderr: '\n[errno 110] RADOS timed out\u001b[2J' };

  it('goes on to the next where one does not answer', async () => {
    const ceph = cephOver((words) => {
      if (words.startsWith('mon-01')) return timedOut;
      return readFileSync(join(FIXTURES, 'healthy/osd-dump.json'), 'utf8');
    }, on);
    expect(await ceph.barred('192.0.2.9', signal)).toEqual({ kind: 'open' });
  });

  it('does not know what came of a change that nobody answered, and nothing came of one refused', async () => {
    const silent = cephOver(() => timedOut, on).bar('192.0.2.9', 60_000, signal);
    await expect(silent).rejects.toMatchObject({ code: 'storage.no-answer', effect: 'unknown' });
    await expect(silent).rejects.toThrow('mon-02: code 1, [errno 110] RADOS timed out\\u{1b}[2J');
    const refused = cephOver(() => ({ code: 13, stderr: 'access denied' }), on);
    await expect(refused.bar('192.0.2.9', 60_000, signal)).rejects.toMatchObject({
      code: 'storage.refused',
      effect: 'none',
    });
  });

  it('bars addresses, and no names', async () => {
    const said: string[] = [];
    const ceph = cephOver((words) => {
      said.push(words);
      return '';
    });
    await ceph.bar('2001:db8::17', 90_500, signal);
    expect(said).toEqual(['mon-01: osd blocklist add [2001:db8::17] 91']);
    await expect(ceph.bar('node-01', 1_000, signal)).rejects.toMatchObject({
      code: 'storage.not-an-address',
    });
  });
});

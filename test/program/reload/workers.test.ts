import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { embeddedStore } from '../../../src/adapters/store/embedded-store.ts';
import { redisReloadRequests } from '../../../src/adapters/store/redis-reload-requests.ts';
import type { ReloadRequests } from '../../../src/bot/reload-requests.ts';
import type { Reloaded } from '../../../src/bot/reloading.ts';
import { ZoneName } from '../../../src/domain/ids.ts';
import { askWorkers, differingWorkers } from '../../../src/program/reload/ask-workers.ts';
import { followRequests } from '../../../src/program/reload/follow-requests.ts';
import { until } from '../../until.ts';

const zone = ZoneName.parse('staging');
const TAKEN: Reloaded = { kind: 'taken', what: 'nothing' };
const REFUSED: Reloaded = { kind: 'refused', problems: ['inventory.yaml:1:1: no', 'and no'] };

let requests: ReloadRequests;
let at: number;
const now = () => at;

beforeEach(async () => {
  const store = await embeddedStore();
  onTestFinished(() => store.close());
  requests = redisReloadRequests(store.connection('commands'));
  at = Date.UTC(2026, 10, 18);
});

interface FakeWorker {
  reloads: number;
  becomes: Reloaded;
  revision: string;
  stop(): Promise<void>;
}

function worker(name: string, becomes: Reloaded = TAKEN): FakeWorker {
  const fake: FakeWorker = {
    reloads: 0,
    becomes,
    revision: 'aaaaaaaa',
    stop: () => following.stop(),
  };
  let last: Reloaded = TAKEN;
  const following = followRequests({
    requests,
    zone,
    worker: name,
    reload: async () => {
      fake.reloads += 1;
      last = fake.becomes;
      return last;
    },
    revision: () => fake.revision,
    refused: () => (last.kind === 'refused' ? last.problems : []),
    now,
    report: (problem) => expect.unreachable(String(problem)),
  });
  onTestFinished(() => fake.stop());
  return fake;
}

const isThere = (count: number) =>
  until(async () => (await requests.reports(zone)).length === count);
const ask = (patienceMs = 20_000) => askWorkers({ requests, zones: [zone], now, patienceMs });
const differing = () => differingWorkers({ requests, zones: [zone], now }, 'aaaaaaaa');

describe('the workers of a zone', () => {
  it('do what they are asked, each once, and say what became of it', async () => {
    const [one, two] = [worker('node-1:7'), worker('node-2:8', REFUSED)];
    await isThere(2);
    expect((await ask()).toSorted((a, b) => a.worker.localeCompare(b.worker))).toEqual([
      { zone, worker: 'node-1:7', says: 'taken', problems: [] },
      { zone, worker: 'node-2:8', says: 'refused', problems: ['inventory.yaml:1:1: no', 'and no'] },
    ]);
    expect([one.reloads, two.reloads]).toEqual([1, 1]);
    expect(await differing()).toEqual([
      'worker node-2:8 of staging refused its configuration and uses an older one: inventory.yaml:1:1: no',
    ]);
    two.becomes = TAKEN;
    await ask();
    expect(await differing()).toEqual([]);
  });

  it('follow what they were asked while they were away', async () => {
    await requests.request(zone);
    const late = worker('node-1:7');
    await until(() => late.reloads === 1);
    await isThere(1);
    expect((await requests.reports(zone))[0]).toMatchObject({ answered: 1 });
  });

  it('are not waited for for ever, and are named', async () => {
    await requests.tell(zone, { worker: 'node-9:1', at, inventory: 'r', answered: 0, refused: [] });
    expect(await ask(0)).toEqual([{ zone, worker: 'node-9:1', says: 'silent', problems: [] }]);
  });

  it('that have not been heard of for half a minute are gone, and those that stopped at once', async () => {
    const stopping = worker('node-1:7');
    await isThere(1);
    await stopping.stop();
    await isThere(0);
    await requests.tell(zone, { worker: 'node-9:1', at, inventory: 'b', answered: 0, refused: [] });
    expect(await differing()).toHaveLength(1);
    at += 30_001;
    expect(await differing()).toEqual([]);
    expect(await ask()).toEqual([]);
  });

  it('that use another inventory than the bot are named', async () => {
    worker('node-1:7').revision = 'bbbbbbbb';
    await isThere(1);
    expect(await differing()).toEqual([
      'worker node-1:7 of staging uses inventory bbbbbb, the bot aaaaaa',
    ]);
  });
});

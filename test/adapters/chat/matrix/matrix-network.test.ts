import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awayNow } from '../../../../src/adapters/chat/matrix/matrix-failure.ts';
import { matrixNetwork } from '../../../../src/adapters/chat/matrix/matrix-network.ts';
import type { ChatMemory } from '../../../../src/adapters/chat-memory.ts';
import { memoryChatMemory } from '../../../../src/adapters/simulated/memory-chat-memory.ts';
import type { ChatNetwork, Incoming, Outgoing } from '../../../../src/bot/chat-network.ts';
import { until } from '../../../until.ts';
import { BOT_ID, type FakeHomeserver, ROOM, startFakeHomeserver } from './fake-homeserver.ts';

const OPS = '#ops:ops.test';
let server: FakeHomeserver;
let taken: Incoming[];
let log: string[];
let memory: ChatMemory;
let network: ChatNetwork;
let count = 0;

const message = (more: Partial<Outgoing> = {}): Outgoing => ({
  channel: OPS,
  key: `key ${++count}`,
  as: 'notice',
  lines: ['hello'],
  ...more,
});

function said(body: string, more: object = {}) {
  return {
    event_id: `$${++count}`,
    type: 'm.room.message',
    sender: '@ana:ops.test',
    origin_server_ts: Date.now(),
    content: { msgtype: 'm.text', body },
    ...more,
  };
}

async function start(answer: () => Promise<void> = async () => undefined): Promise<void> {
  network = matrixNetwork(
    {
      name: 'signalbox',
      prefix: () => '!',
      url: new URL(server.url),
      tokenFile: undefined,
      keysFolder: undefined,
      homeservers: undefined,
      inviters: [],
      channels: [OPS],
      secrets: { read: async () => 'token' },
      log: (line) => void log.push(line),
    },
    memory,
  );
  await network.start(async (incoming) => {
    taken.push(incoming);
    await answer();
  });
  await until(async () => (await memory.get(`sync token of ${BOT_ID}`)) !== undefined);
}

beforeEach(async () => {
  server = await startFakeHomeserver();
  taken = [];
  log = [];
  memory = memoryChatMemory();
  await start();
});
afterEach(async () => {
  await network.stop();
  await server.close();
});

const bodies = () => server.sent.map(({ content }) => content.body);
const times = (name: string) =>
  server.requests.filter((one) => one.name === name).map(({ at }) => at);

describe('what is said', () => {
  it('stands there once where the answer was lost, and where the request was', async () => {
    server.trouble('PUT send', { kind: 'cut' }, { kind: 'lost' });
    const again = message({ lines: ['once'] });
    await expect(network.post(again)).rejects.toMatchObject({
      code: 'matrix.no-connection',
      effect: 'unknown',
    });
    await expect(network.post(again)).rejects.toMatchObject({ code: 'matrix.no-connection' });
    await network.post(again);
    expect(bodies()).toEqual(['once']);
  });

  it('is tried again by itself where it answers somebody', async () => {
    server.trouble('PUT send', { kind: 'cut' }, { kind: 'status', status: 502 });
    await network.post(message({ as: 'reply', lines: ['an answer'] }));
    expect(bodies()).toEqual(['an answer']);
  });

  it('waits as long as the server wants: what the header says goes before the body', async () => {
    server.trouble('PUT send', { kind: 'limited', bodyMs: 60_000, headerS: 0.4 });
    await network.post(message());
    const [first = 0, second = 0] = times('PUT send');
    expect(second - first).toBeGreaterThan(380);
    expect(second - first).toBeLessThan(30_000);
  });

  it('is left out where the room refuses it, so that others hear theirs', async () => {
    const refused = { errcode: 'M_FORBIDDEN', error: 'You are not allowed to send here' };
    server.trouble('PUT send', { kind: 'status', status: 403, body: refused });
    const ref = await network.post(message());
    expect(await network.edit(ref, message())).toBe('stands');
    expect(bodies()).toEqual([]);
    expect(log).toEqual([expect.stringMatching(/M_FORBIDDEN You are not allowed to send here/)]);
  });

  it('offers its answers again where that was cut off, each once', async () => {
    server.trouble('PUT send', { kind: 'limited', bodyMs: 1 });
    const asking = message({ as: 'prompt', reactions: ['👍', '👎'] });
    const first = network.post(asking);
    await until(async () => server.sent.length > 0);
    server.trouble('PUT send', { kind: 'cut' });
    await first.catch(() => network.post(asking));
    const keys = server.sent.flatMap(({ type, content }) =>
      type === 'm.reaction' ? (content['m.relates_to'] as { key: string }).key : [],
    );
    expect(keys).toEqual(['👍', '👎']);
  });
});

describe('what is heard', () => {
  it('counts once, however often the server brings it', async () => {
    const command = said('!status');
    server.says(command);
    await until(async () => taken.length === 1);
    server.says(command, said('!next'));
    await until(async () => taken.length === 2);
    expect(taken.map((one) => one.kind === 'message' && one.text)).toEqual(['!status', '!next']);
  });

  it('counts though it was not understood at first where we were', async () => {
    server.trouble('GET sync', { kind: 'cut' }, { kind: 'status', status: 500 });
    server.says(said('!status'));
    await until(async () => taken.some(({ kind }) => kind === 'message'));
    expect(taken[0]?.kind).toBe('returned');
  });

  it('is no command where it comes more than ten minutes late, which its author hears once', async () => {
    const late = { unsigned: { age: 11 * 60_000 } };
    server.says(said('!status', late), said('!reimage builder-07', late), said('just talk', late));
    await until(async () => taken.length === 2);
    expect(taken).toMatchObject([
      { refused: { because: 'that was typed 11 min ago, and I hear it only now' } },
      { refused: { quietly: true } },
    ]);
  });

  it('is no command where the store was accepted since, which may have had it done', async () => {
    memory.acceptedAt = async () => Date.now() - 30_000;
    server.says(said('!reimage builder-07', { unsigned: { age: 60_000 } }), said('!status'));
    await until(async () => taken.length === 2);
    const because = 'that was typed before the store was accepted, and may have been done';
    expect(taken[0]).toMatchObject({ refused: { because } });
    expect(taken[1]).not.toHaveProperty('refused');
  });

  it('is a reaction however late it comes', async () => {
    const content = { 'm.relates_to': { rel_type: 'm.annotation', event_id: '$q', key: '👍' } };
    server.says(said('', { type: 'm.reaction', content, unsigned: { age: 3_600_000 } }));
    await until(async () => taken.length === 1);
    expect(taken).toMatchObject([{ kind: 'reaction', emoji: '👍', change: 'added' }]);
  });

  it('is kept before the place where we are, and brought to whoever comes next when it was not dealt with', async () => {
    await network.stop();
    const dying = { ...memory, dealtWith: async () => Promise.reject(new Error('killed')) };
    const kept = memory;
    memory = dying;
    await start();
    server.says(said('!status'));
    await until(async () => taken.length === 1);
    await network.stop();
    memory = kept;
    await start();
    await until(async () => taken.length === 2);
    expect(taken[1]).toEqual(taken[0]);
  });

  it('counts, once and in its order, though the answer of the store that keeps it was lost', async () => {
    const { takeIn } = memory;
    let isLost = false;
    memory.takeIn = async (id, text) => {
      const isNew = await takeIn(id, text);
      if (isLost) return isNew;
      isLost = true;
      throw new Error('Command timed out');
    };
    server.says(said('!status'), said('!ops'));
    await until(async () => taken.length >= 2);
    server.says(said('!next'));
    await until(async () => taken.length >= 3);
    const typed = taken.map((one) => one.kind === 'message' && one.text);
    expect(typed).toEqual(['!status', '!ops', '!next']);
    await until(async () => (await memory.waiting()).length === 0);
  });

  it('is not dealt with again because the store did not take note of it at once', async () => {
    const { dealtWith } = memory;
    let failures = 2;
    memory.dealtWith = async (id) => {
      failures -= 1;
      if (failures >= 0) throw new Error('Command timed out');
      await dealtWith(id);
    };
    server.says(said('!status'));
    await until(async () => failures < 0);
    await until(async () => (await memory.waiting()).length === 0);
    expect(taken).toHaveLength(1);
  });

  it('is brought again after its answer could not be posted, until that is told to be too late', async () => {
    await network.stop();
    await start(async () => {
      throw awayNow(OPS);
    });
    server.says(said('!status'));
    await until(async () => taken.length >= 2);
    expect(taken[1]).toEqual(taken[0]);
    memory.acceptedAt = async () => Date.now();
    await until(async () => taken.some((one) => 'refused' in one));
  });

  it('goes on from anew where the server does not know any more where we were', async () => {
    const unknown = { errcode: 'M_UNKNOWN_POS', error: 'unknown position' };
    server.trouble('GET sync', { kind: 'status', status: 400, body: unknown });
    await until(async () => times('GET sync').length > 3);
    server.says(said('!status'));
    await until(async () => taken.length === 1);
  });
});

describe('the reactions that stand under a message', () => {
  it('are those of people, from all pages', async () => {
    const reaction = (place: number) =>
      said('', {
        event_id: `$r${place}`,
        type: 'm.reaction',
        sender: place === 3 ? BOT_ID : `@p${place}:ops.test`,
        content: { 'm.relates_to': { rel_type: 'm.annotation', event_id: '$q', key: '👍' } },
      });
    server.reactions(
      '$q',
      Array.from({ length: 25 }, (_, place) => reaction(place)),
      10,
    );
    await network.post(message());
    const standing = await network.reactionsOn?.({ channel: OPS, id: '$q' });
    expect(standing).toHaveLength(24);
    expect(times('GET relations')).toHaveLength(3);
  });
});

it('leaves a room with events of every form be, and hears the command among them', async () => {
  const odd = [
    null,
    7,
    'x',
    {},
    { event_id: 5 },
    { ...said('!x'), content: null },
    said('!status'),
  ];
  server.answers({ rooms: { join: { [ROOM]: { timeline: { events: odd } }, '!other': {} } } });
  await until(async () => taken.length === 1);
  expect(taken).toMatchObject([{ text: '!status', ref: { channel: OPS } }]);
});

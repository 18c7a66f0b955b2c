import { describe, expect, it, onTestFinished } from 'vitest';
import { decodeAnswer } from '../../../../src/adapters/infra/koji/decode-xml-rpc.ts';
import { encodeCall } from '../../../../src/adapters/infra/koji/encode-xml-rpc.ts';
import {
  keywords,
  type XmlRpcStruct,
  type XmlRpcValue,
} from '../../../../src/adapters/infra/koji/xml-rpc-value.ts';
import { startKojiHub } from '../../../../src/adapters/simulated/koji-hub/koji-hub.ts';
import { ADMIN, BOT, labState } from './koji-lab.ts';

/** A client of the tests' own, which sends whatever it is told. */
async function client(user?: typeof BOT) {
  const state = labState();
  const users = [BOT, ADMIN];
  const hub = await startKojiHub({ state, users, host: '127.0.0.1', port: 0, clientName: 'bot' });
  onTestFinished(() => hub.close());
  let headers: Record<string, string> = {};

  async function raw(method: string, params: readonly XmlRpcValue[], path = '', more = {}) {
    const response = await fetch(`${hub.url.href}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml', ...headers, ...more },
      body: encodeCall({ method, params }),
    });
    expect(response.status).toBe(200);
    return response.text();
  }
  const call = async (method: string, ...params: readonly XmlRpcValue[]) =>
    decodeAnswer(await raw(method, params));
  if (user !== undefined) {
    const session = (await call('login', user.name, user.password)) as XmlRpcStruct;
    headers = {
      'Koji-Session-Id': String(session['session-id']),
      'Koji-Session-Key': String(session['session-key']),
    };
  }
  return { hub, state, raw, call };
}

describe('the simulated koji hub', () => {
  it('speaks XML-RPC over POST only', async () => {
    const { hub } = await client();
    expect((await fetch(hub.url)).status).toBe(405);
    const post = (type: string, body: string) =>
      fetch(hub.url, { method: 'POST', headers: { 'content-type': type }, body });
    expect((await post('text/xml', 'hello')).status).toBe(400);
    const call = encodeCall({ method: 'getAPIVersion', params: [] });
    expect((await post('application/json', call)).status).toBe(400);
    expect((await post('text/xml', call)).status).toBe(200);
  });

  it('sends ids as ints, capacity, load and times as doubles, and nil for nothing', async () => {
    const { raw } = await client();
    const text = await raw('getHost', ['builder-01']);
    expect(text).toContain('<name>id</name><value><int>1</int>');
    expect(text).toContain('<name>capacity</name><value><double>4.0</double>');
    expect(text).toContain('<name>task_load</name><value><double>0.0</double>');
    expect(text).toContain('<name>update_ts</name><value><double>1795233600.0</double>');
    expect(text).toContain('<name>comment</name><value><nil/>');
    expect(await raw('getHost', ['nobody'])).toContain('<value><nil/></value>');
  });

  it.each([
    ['an unknown method', 'nonsense', [], 1000, 'Invalid method: nonsense'],
    [
      'enableHost with a comment',
      'enableHost',
      ['builder-01', 'why'],
      1019,
      'enableHost() takes 1 positional arguments but 2 were given',
    ],
    [
      'disableHost without a name',
      'disableHost',
      [],
      1019,
      "disableHost() missing 1 required positional argument: 'hostname'",
    ],
    [
      'a keyword it does not have',
      'disableHost',
      ['builder-01', keywords({ comment: 'x' })],
      1019,
      "disableHost() got an unexpected keyword argument 'comment'",
    ],
    ['a host by a fraction', 'getHost', [1.5], 1019, 'Invalid type for id lookup: number'],
    ['a host by nil', 'getHost', [null], 1019, 'Invalid type for id lookup: object'],
    [
      'a comment that is nil',
      'editHost',
      ['builder-01', keywords({ description: null, comment: 1 })],
      1019,
      "Invalid type for value '1': number, expected type string",
    ],
    ['a host that is not there', 'disableHost', ['nobody'], 1000, 'host does not exist: nobody'],
    [
      'a state that is no list',
      'listTasks',
      [{ host_id: 1, state: 1 }],
      1,
      `<class 'psycopg2.errors.SyntaxError'>: syntax error at or near "1"`,
    ],
    [
      'a task by its name',
      'getTaskInfo',
      ['kernel'],
      1019,
      "Invalid type for value 'kernel': string",
    ],
    [
      'freeTask by somebody with host only',
      'freeTask',
      [101],
      1004,
      'admin permission required (logged in as bot)',
    ],
    ["somebody else's task", 'cancelTask', [101], 1004, 'Cannot cancel task, not owner'],
  ] as const)('refuses %s', async (_what, method, params, code, text) => {
    const { call } = await client(BOT);
    await expect(call(method, ...params)).rejects.toMatchObject({ code, text });
  });

  it('lets nobody change anything without a login', async () => {
    const { call, raw } = await client();
    const text = 'host permission required (user not logged in)';
    await expect(call('disableHost', 'builder-01')).rejects.toMatchObject({ code: 1004, text });
    await expect(call('login', 'bot', 'wrong')).rejects.toMatchObject({ code: 1002 });
    await expect(call('sslLogin')).rejects.toMatchObject({ code: 1002 });
    expect(decodeAnswer(await raw('sslLogin', [], '/ssllogin'))).toMatchObject({
      'session-id': 1,
      'header-auth': true,
    });
    expect(await call('getLoggedInUser')).toBeNull();
  });

  it('keeps the number of calls that changed something, and faults on it', async () => {
    const { raw } = await client(BOT);
    const numbered = async (callnum: number, method: string) =>
      decodeAnswer(await raw(method, ['builder-01'], '', { 'Koji-Session-Callnum': `${callnum}` }));
    for (const _ of ['once', 'twice']) await numbered(5, 'getHost');
    await numbered(6, 'disableHost');
    await expect(numbered(6, 'disableHost')).rejects.toMatchObject({ code: 1009 });
    await expect(numbered(5, 'getHost')).rejects.toMatchObject({
      code: 1008,
      text: '6 > 5 (session 1)',
    });
    await numbered(7, 'getHost');
  });

  it('edits hosts, and says whether that changed anything', async () => {
    const { call, state } = await client(BOT);
    const edit = keywords({ comment: 'x', capacity: 2 });
    expect(await call('editHost', 'builder-01', edit)).toBe(true);
    expect(await call('editHost', 'builder-01', edit)).toBe(false);
    expect(state.host('builder-01')).toMatchObject({ comment: 'x', capacity: 2 });
    await expect(call('editHost', 'builder-01', keywords({ comment: null }))).rejects.toMatchObject(
      {
        code: 1019,
      },
    );
  });

  it('lists and counts', async () => {
    const { call } = await client(BOT);
    await call('disableHost', 'builder-01');
    expect(await call('listHosts', keywords({ enabled: false }))).toMatchObject([{ id: 1 }]);
    expect(await call('listHosts', null, null, true, true)).toMatchObject([{ id: 2 }]);
    expect(await call('listTasks', { host_id: 1, state: [1, 4] }, { countOnly: true })).toBe(3);
    expect(await call('listTasks', { host_id: 1, state: [4] })).toMatchObject([
      { id: 102, request: expect.stringContaining('<methodName>newRepo</methodName>') },
    ]);
    expect(await call('getTaskDescendents', 100)).toMatchObject({
      '100': [{ id: 101 }],
      '101': [],
    });
    expect(await call('listChannels', 'builder-01')).toMatchObject([{ name: 'default' }]);
    expect(await call('getLastHostUpdate', 1, true)).toBe(1795233600);
  });

  it('frees tasks with the mistake of the real one', async () => {
    const { call, state } = await client(ADMIN);
    expect(await call('freeTask', 101)).toBeNull();
    expect(state.task(101)).toMatchObject({ state: 'free', hostId: undefined });
    const again = call('freeTask', 101);
    await expect(again).rejects.toMatchObject({ code: 1000, text: 'No such task: 101' });
    const closed = call('freeTask', 103);
    const text = 'Cannot free task 103, state is CLOSED';
    await expect(closed).rejects.toMatchObject({ code: 1000, text });
  });

  it('cancels a task with its children', async () => {
    const { call, state } = await client(ADMIN);
    await call('cancelTask', 100);
    expect([100, 101, 102].map((id) => state.task(id).state)).toEqual([
      'canceled',
      'canceled',
      'assigned',
    ]);
  });

  it('frees what a silent builder holds, and nothing of one that is disabled', async () => {
    const { call, state } = await client(BOT);
    const held = () => call('listTasks', { host_id: 1, state: [1, 4] }, { countOnly: true });
    await call('disableHost', 'builder-01');
    state.advance(24 * 60 * 60_000);
    expect(await held()).toBe(3);
    expect(state.host('builder-01').ready).toBe(true);
    state.putHost({ name: 'builder-01', checkedInAt: state.now() });
    await call('enableHost', 'builder-01');
    expect(await held()).toBe(2);
    state.advance(16 * 60_000);
    expect(await held()).toBe(0);
    expect(state.host('builder-01').ready).toBe(false);
  });

  it('carries out each call of a multiCall by itself', async () => {
    const { call, state } = await client(BOT);
    const calls = [
      { methodName: 'freeTask', params: [101] },
      { methodName: 'disableHost', params: ['builder-01'] },
    ];
    expect(await call('multiCall', calls)).toEqual([
      expect.objectContaining({ faultCode: 1004 }),
      [null],
    ]);
    expect(state.host('builder-01').enabled).toBe(false);
  });
});

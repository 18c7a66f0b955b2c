import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { redfishMachines } from '../../../../src/adapters/infra/redfish/redfish-machines.ts';
import redfish from '../../../../src/adapters/infra/redfish-power.ts';
import { HostName } from '../../../../src/domain/ids.ts';
import type { PowerControl } from '../../../../src/jobs/ports/power-control.ts';
import { plainHost, plainInventory } from '../../../plain-inventory.ts';

const NODE = HostName.parse('node-01');
const { signal } = new AbortController();
const RESET = '/redfish/v1/Systems/1/Actions/ComputerSystem.Reset';

let stop = async () => {};
afterEach(() => stop());

interface Traits {
  readonly state?: string;
  readonly target?: string;
  readonly allowed?: readonly string[];
  readonly onReset?: (response: ServerResponse) => void;
}

/** A controller of one system, which answers as told. */
async function controller(traits: Traits) {
  const asked: { method: string; path: string; body: string }[] = [];
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const body = (await request.toArray()).join('');
    const { method = '', url: path = '' } = request;
    asked.push({ method, path, body });
    if (method === 'POST') return (traits.onReset ?? accept)(response);
    response.end(JSON.stringify(path.endsWith('Systems') ? COLLECTION : systemOf(traits)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  const { port } = server.address() as AddressInfo;
  return { asked, power: machines(port) };
}

function accept(response: ServerResponse): void {
  response.writeHead(204).end();
}

const COLLECTION = { Members: [{ '@odata.id': '/redfish/v1/Systems/1' }] };

function systemOf({ state = 'On', target = RESET, allowed }: Traits) {
  const reset = { target, ...(allowed && { 'ResetType@Redfish.AllowableValues': allowed }) };
  return { PowerState: state, Actions: { '#ComputerSystem.Reset': reset } };
}

function machines(port: number, caFile?: string): PowerControl {
  const inventory = plainInventory([plainHost(NODE, { bmc: `127.0.0.1:${port}` })]);
  return redfishMachines({
    url: 'http://{bmc}',
    system: undefined,
    login: { user: 'admin', password: 'bmc' },
    caFile,
    fingerprints: {},
    timeoutMs: 300,
    inventory: { current: () => inventory },
    secrets: { read: async () => 'password\n' },
  });
}

describe('a management controller', () => {
  it('is told to cut the power where it says itself', async () => {
    const { asked, power } = await controller({ allowed: ['On', 'ForceOff'] });
    await power.off(NODE, signal);
    expect(asked.at(-1)).toEqual({ method: 'POST', path: RESET, body: '{"ResetType":"ForceOff"}' });
  });

  it('is told nothing when all is so already', async () => {
    const { asked, power } = await controller({ state: 'Off' });
    await power.off(NODE, signal);
    expect(asked.map(({ method }) => method)).toEqual(['GET', 'GET']);
  });

  it('that is on its way is neither on nor off', async () => {
    const { power } = await controller({ state: 'PoweringOff' });
    expect(await power.state(NODE, signal)).toBe('changing');
  });

  it('that knows another word for its state is not understood', async () => {
    const { power } = await controller({ state: 'Dimmed' });
    await expect(power.state(NODE, signal)).rejects.toMatchObject({ code: 'power.unreadable' });
  });

  it('sends nobody elsewhere with our password', async () => {
    const { asked, power } = await controller({ target: 'http://127.0.0.2:1/reset' });
    await expect(power.off(NODE, signal)).rejects.toMatchObject({
      code: 'power.foreign-target',
      effect: 'none',
    });
    expect(asked.some(({ method }) => method === 'POST')).toBe(false);
  });

  it('is not asked where the file of its authority cannot be read', async () => {
    await expect(machines(1, '/nonexistent/ca.pem').state(NODE, signal)).rejects.toMatchObject({
      code: 'power.no-authority',
      message: `the management controller of ${NODE} failed: ca-file /nonexistent/ca.pem: ENOENT`,
      effect: 'none',
    });
  });

  it('that offers no such switch is not asked for it', async () => {
    const { power } = await controller({ allowed: ['On', 'GracefulShutdown'] });
    await expect(power.off(NODE, signal)).rejects.toThrow('it offers no ForceOff');
  });

  it.each([
    [403, 'none'],
    [503, 'unknown'],
  ])('that answers HTTP %s leaves %s effect', async (status, effect) => {
    const { power } = await controller({
      onReset: (response) => void response.writeHead(status).end(),
    });
    await expect(power.off(NODE, signal)).rejects.toMatchObject({ code: 'power.refused', effect });
  });

  it('that says nothing may have done it', async () => {
    const { power } = await controller({ onReset: () => {} });
    await expect(power.off(NODE, signal)).rejects.toMatchObject({
      code: 'power.no-answer',
      effect: 'unknown',
    });
  });

  it('gets one call at a time', async () => {
    const { asked, power } = await controller({});
    await Promise.all([power.state(NODE, signal), power.state(NODE, signal)]);
    const paths = asked.map(({ path }) => path.split('/').length);
    expect(paths).toEqual([4, 5, 4, 5]);
  });
});

describe('the address of controllers', () => {
  const login = { user: 'admin', 'password-from': 'bmc' };
  it.each(['http://{bmc}', 'https://bmc.example.org', '{bmc}'])('is not %s', (url) => {
    expect(() => redfish.config.parse({ login, url })).toThrow('expected https and {bmc}');
  });
});

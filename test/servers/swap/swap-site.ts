import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildInventory } from '../../../src/adapters/config/build-inventory.ts';
import { configFile } from '../../../src/adapters/config/config-file.ts';
import { formatProblem } from '../../../src/adapters/config/problem.ts';
import nodeSsh from '../../../src/adapters/infra/node-ssh-shell.ts';
import probe from '../../../src/adapters/infra/probe-checks.ts';
import rfc2136 from '../../../src/adapters/infra/rfc2136.ts';
import sshWitness from '../../../src/adapters/infra/ssh-boot-witness.ts';
import { newOpId, ServiceName, UserId, ZoneName } from '../../../src/domain/ids.ts';
import { attend } from '../../../src/jobs/engine/attend.ts';
import { planOperation } from '../../../src/jobs/engine/plan-operation.ts';
import { foldEntries } from '../../../src/jobs/model/fold.ts';
import type { Plan } from '../../../src/jobs/model/plan.ts';
import type { OperationState } from '../../../src/jobs/model/state.ts';
import type { Ports } from '../../../src/jobs/ports/ports.ts';
import swap from '../../../src/jobs/runbooks/swap.ts';
import { freePort } from '../../free-port.ts';
import { memoryEngine } from '../../jobs/engine/memory-engine.ts';
import { bindSite } from '../dns/bind-site.ts';
import { makeKey } from '../ssh/open-ssh-server.ts';
import { swapNode } from './swap-node.ts';

export type SwapSite = Awaited<ReturnType<typeof swapSite>>;

const NAME = 'shop.example.test';
const ADDRESSES = { node1: '127.0.1.1', node2: '127.0.1.2' };

/** Two BINDs, two nodes with OpenSSH and a web server each, and the runbook with the drivers that a site would use. */
export async function swapSite() {
  const root = mkdtempSync(join(tmpdir(), 'signalbox-swap-'));
  const authorized = makeKey(join(root, 'id'));
  const port = await freePort();
  const [bind, node1, node2] = await Promise.all([
    bindSite({
      records: [
        `${NAME}. 2 IN CNAME at-node1.example.test.`,
        ...Object.entries(ADDRESSES).map(([node, at]) => `at-${node}.example.test. 60 IN A ${at}`),
      ],
    }),
    swapNode('node1', { root, address: ADDRESSES.node1, port, authorized }),
    swapNode('node2', { root, address: ADDRESSES.node2, port, authorized }),
  ]);
  const nodes = { node1, node2 };
  const inventory = pairOf({ port, nodes });
  const keys = new Map(Object.entries(nodes).map(([name, { ssh }]) => [name, ssh.hostKeys[0]]));
  const environment = {
    zone: ZoneName.parse('staging'),
    inventory: { current: () => inventory },
    hostKeys: { expected: async (host: string) => keys.get(host), replace: async () => undefined },
    secrets: { read: () => Promise.reject(new Error('there are no secrets')) },
    shell: () => shell.port,
  };
  const login = { 'key-file': join(root, 'id'), 'state-dir': join(root, 'claims') };
  const shell = nodeSsh.connect(nodeSsh.config.parse(login), environment);
  const servers = { 'ns1.example.test': bind.primary, 'ns2.example.test': bind.secondary };
  const zone = { primary: bind.primary, servers, 'key-file': bind.keyFile };
  const zones = { zones: { 'example.test': zone } };
  const resolvers = { resolvers: [bind.secondary] };
  const ports = {
    inventory: environment.inventory,
    hostKeys: environment.hostKeys,
    secrets: environment.secrets,
    shell: shell.port,
    dns: rfc2136.connect(rfc2136.config.parse(zones), environment).port,
    checks: probe.connect(probe.config.parse(resolvers), environment).port,
    witness: sshWitness.connect(sshWitness.config.parse({}), environment).port,
  } as unknown as Ports;
  const { engine, problems } = memoryEngine({
    runbook: swap,
    ports,
    now: Date.now,
    monotonic: () => performance.now(),
  });
  const { signal } = new AbortController();

  return {
    name: NAME,
    port,
    nodes,
    bind,
    problems,
    plan: (line: object = {}): Promise<Plan> =>
      planOperation(
        swap,
        { service: ServiceName.parse('compute'), update: true, anytime: false, ...line },
        ports,
        signal,
      ),
    /** From its request until it has ended or asks. */
    async run(plan: Plan): Promise<OperationState> {
      const ref = { op: newOpId(8), zone: plan.zone };
      const about = { inventory: inventory.revision, approvalExpiresAt: Date.now(), estimateMs: 0 };
      const origin = { network: 'console', channel: '#ops' };
      const event = { kind: 'requested', plan, command: 'swap compute', ...about, origin } as const;
      await engine.journal.append(ref, { by: UserId.parse('ana'), seq: 0, events: [event] });
      for (;;) {
        const attended = await attend(engine, ref, { stopping: () => false });
        const state = foldEntries(ref.op, await engine.journal.read(ref));
        if (state === undefined || attended === undefined) throw new Error(`lost: ${problems}`);
        if (attended.dueInMs === null || state.phase.kind === 'asking') {
          return state;
        }
        await new Promise((resolve) => setTimeout(resolve, attended.dueInMs ?? 0));
      }
    },
    async close() {
      await shell.close();
      await Promise.all([node1.close(), node2.close(), bind.close()]);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function pairOf({
  port,
  nodes,
}: {
  port: number;
  nodes: Record<string, Awaited<ReturnType<typeof swapNode>>>;
}) {
  const hosts = Object.entries(nodes).map(
    ([name, { address, ssh }]) =>
      `  ${name}: { address: ${address}, ssh: { address: 127.0.0.1, port: ${ssh.port}, user: ${ssh.user} } }`,
  );
  const text = `
defaults: { zone: staging, environment: staging }
hosts:
${hosts.join('\n')}
services:
  compute:
    members:
      node1: { points-at: at-node1.example.test }
      node2: { points-at: at-node2.example.test }
    dns: { name: ${NAME}, ttl: 2, swap-ttl: 1 }
    checks:
      - { name: web, kind: http, scheme: http, port: ${port}, successes: 2, every: 1s, within: 10s, timeout: 10s }
    units: { one: [scheduler] }
    update: { commands: [[test, -d, /]] }
    automatic-return: { allowed: true, writes: compatible }
`;
  const built = buildInventory([configFile('pair.yaml', text)]);
  if (built.kind === 'inventory') return built.inventory;
  throw new Error(built.problems.map(formatProblem).join('\n'));
}

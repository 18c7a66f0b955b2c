import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DriverEnvironment } from '../../../src/adapters/driver.ts';
import nodeSsh from '../../../src/adapters/infra/node-ssh-shell.ts';
import probe from '../../../src/adapters/infra/probe-checks.ts';
import rfc2136 from '../../../src/adapters/infra/rfc2136.ts';
import sshWitness from '../../../src/adapters/infra/ssh-boot-witness.ts';
import { newOpId, ServiceName, UserId, ZoneName } from '../../../src/domain/ids.ts';
import { attend } from '../../../src/jobs/engine/attend.ts';
import { planOperation } from '../../../src/jobs/engine/plan-operation.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import { foldEntries } from '../../../src/jobs/model/fold.ts';
import type { Plan } from '../../../src/jobs/model/plan.ts';
import type { OperationState } from '../../../src/jobs/model/state.ts';
import type { Ports } from '../../../src/jobs/ports/ports.ts';
import swap from '../../../src/jobs/runbooks/swap.ts';
import { freePort } from '../../free-port.ts';
import { memoryEngine } from '../../jobs/engine/memory-engine.ts';
import { partly } from '../../partly.ts';
import { bindSite } from '../dns/bind-site.ts';
import { makeKey } from '../ssh/open-ssh-server.ts';
import { type NodeLogin, plainLogin } from './node-login.ts';
import { NAME, type NodeName, type PairExtras, pairOf } from './pair.ts';
import { swapNode } from './swap-node.ts';

export type SwapSite = Awaited<ReturnType<typeof swapSite>>;

/** What a site has whose nodes are hypervisors of builders. */
export interface SiteBuilders {
  /** Of whoever logs in on the nodes. */
  readonly key: string;
  /** For claims; on both nodes alike. */
  readonly folder: string;
  readonly logins: Readonly<Record<NodeName, NodeLogin>>;
  readonly extras: PairExtras;
  ports(environment: DriverEnvironment): Pick<Ports, 'farm' | 'hypervisor'>;
}

const ADDRESSES = { node1: '127.0.1.1', node2: '127.0.1.2' };

/** Two BINDs, two nodes with OpenSSH and a web server each, and the runbook with the drivers that a site would use. */
export async function swapSite(builders?: SiteBuilders) {
  const root = mkdtempSync(join(tmpdir(), 'signalbox-swap-'));
  const key = builders?.key ?? join(root, 'id');
  const logins = builders?.logins ?? (await plainLogins(root, makeKey(key)));
  const port = await freePort();
  const [bind, node1, node2] = await Promise.all([
    bindSite({
      records: [
        `${NAME}. 2 IN CNAME at-node1.example.test.`,
        ...Object.entries(ADDRESSES).map(([node, at]) => `at-${node}.example.test. 60 IN A ${at}`),
      ],
    }),
    swapNode('node1', { login: logins.node1, address: ADDRESSES.node1, port }),
    swapNode('node2', { login: logins.node2, address: ADDRESSES.node2, port }),
  ]);
  const nodes = { node1, node2 };
  const inventory = pairOf({ port, nodes }, builders?.extras ?? {});
  const keys = new Map(Object.entries(nodes).map(([name, { ssh }]) => [name, ssh.hostKey]));
  const environment: DriverEnvironment = {
    zone: ZoneName.parse('staging'),
    inventory: { current: () => inventory },
    hostKeys: { expected: async (host: string) => keys.get(host), replace: async () => undefined },
    secrets: { read: () => Promise.reject(new Error('there are no secrets')) },
    shell: () => shell.port,
  };
  const login = { 'key-file': key, 'state-dir': join(builders?.folder ?? root, 'claims') };
  const shell = nodeSsh.connect(nodeSsh.config.parse(login), environment);
  const servers = { 'ns1.example.test': bind.primary, 'ns2.example.test': bind.secondary };
  const zone = { primary: bind.primary, servers, 'key-file': bind.keyFile };
  const zones = { zones: { 'example.test': zone } };
  const resolvers = { resolvers: [bind.secondary] };
  const ports = partly<Ports>({
    inventory: environment.inventory,
    hostKeys: environment.hostKeys,
    secrets: environment.secrets,
    shell: shell.port,
    dns: rfc2136.connect(rfc2136.config.parse(zones), environment).port,
    checks: probe.connect(probe.config.parse(resolvers), environment).port,
    witness: sshWitness.connect(sshWitness.config.parse({}), environment).port,
    ...builders?.ports(environment),
  });
  const { engine, problems } = memoryEngine({
    runbook: swap,
    ports,
    now: Date.now,
    monotonic: () => performance.now(),
  });
  const { signal } = new AbortController();

  async function goOn(ref: OpRef, timeScale: number): Promise<OperationState> {
    const paced = { ...engine, timing: { ...engine.timing, timeScale } };
    for (;;) {
      const attended = await attend(paced, ref, { stopping: () => false });
      const state = foldEntries(ref.op, await engine.journal.read(ref));
      if (state === undefined || attended === undefined) throw new Error(`lost: ${problems}`);
      if (attended.dueInMs === null || state.phase.kind === 'asking') return state;
      await new Promise((resolve) => setTimeout(resolve, attended.dueInMs ?? 0));
    }
  }

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
    /** From its request until it has ended or asks. With a scale its waits end sooner, and its patience too. */
    async run(plan: Plan, timeScale = 1): Promise<OperationState> {
      const ref = { op: newOpId(8), zone: plan.zone };
      const about = { inventory: inventory.revision, approvalExpiresAt: Date.now(), estimateMs: 0 };
      const origin = { network: 'console', channel: '#ops' };
      const event = { kind: 'requested', plan, command: 'swap compute', ...about, origin } as const;
      await engine.journal.append(ref, { by: UserId.parse('ana'), seq: 0, events: [event] });
      return goOn(ref, timeScale);
    },
    /** From an answer until it has ended or asks. */
    async answer(
      { op, request, phase }: OperationState,
      word: string,
      timeScale = 1,
    ): Promise<OperationState> {
      if (phase.kind !== 'asking') throw new Error(`${op} asks nothing: ${phase.kind}`);
      const ref = { op, zone: request.plan.zone };
      const event = { kind: 'answered', prompt: phase.prompt.id, word } as const;
      await engine.journal.append(ref, { by: UserId.parse('ben'), events: [event] });
      return goOn(ref, timeScale);
    },
    async close() {
      await shell.close();
      await Promise.all([node1.close(), node2.close(), bind.close()]);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function plainLogins(root: string, authorized: string) {
  const [node1, node2] = await Promise.all([
    plainLogin(join(root, 'node1'), authorized),
    plainLogin(join(root, 'node2'), authorized),
  ]);
  return { node1, node2 };
}

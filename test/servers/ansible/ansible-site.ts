import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostName } from '../../../src/domain/ids.ts';
import type {
  ConfigurationManagement,
  PlaybookEnd,
  TaskReport,
} from '../../../src/jobs/ports/configuration-management.ts';
import { type AnsibleHost, ansibleOver } from '../../adapters/infra/ansible/driver-fixture.ts';
import { playbookRepository } from '../../adapters/infra/ansible/playbook-repository.ts';
import { PATIENCE_MS } from '../program/eventually.ts';
import { makeKey, openSshServer } from '../ssh/open-ssh-server.ts';

const HOST = HostName.parse('builder-07');

export interface AnsibleRun {
  readonly end: PlaybookEnd;
  readonly reports: readonly TaskReport[];
}

/** A host with a real SSH server, and a repository of playbooks for it. */
export interface AnsibleSite {
  /** A folder for what playbooks write. */
  readonly folder: string;
  /** Of runs that are not over, or that have left something behind. */
  runFolders(): readonly string[];
  /** How to reach the host from another process. */
  readonly reach: { readonly host: AnsibleHost; readonly config: Record<string, unknown> };
  over(options?: SiteOptions): ConfigurationManagement;
  check(): Promise<string>;
  /** Commits it as site.yml and runs that. */
  play(playbook: string, options?: RunOptions): Promise<AnsibleRun>;
  commit(files: Readonly<Record<string, string>>): string;
  /** A host key that nobody shows. */
  anotherKey(): string;
  jumpHost(): Promise<AnsibleHost>;
  close(): Promise<void>;
}

export interface SiteOptions {
  readonly config?: Record<string, unknown>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** Instead of the one that the host shows. */
  readonly hostKey?: string;
  readonly port?: number;
  readonly jump?: AnsibleHost;
}

interface RunOptions extends SiteOptions {
  readonly mode?: 'apply' | 'preview';
  readonly signal?: AbortSignal;
  readonly onTask?: (report: TaskReport) => void;
}

export async function ansibleSite(): Promise<AnsibleSite> {
  const root = mkdtempSync(join(tmpdir(), 'ansible-test-'));
  // Runs are kept apart from those of other tests.
  process.env.TMPDIR = root;
  const authorized = makeKey(join(root, 'id'));
  const sshd = await openSshServer({
    folder: join(root, 'sshd'),
    authorized,
    // Without it, Ansible tries one way after another for each file.
    config: ['Subsystem sftp internal-sftp'],
  });
  const { folder: repository, commit } = playbookRepository(join(root, 'playbooks'));
  const closing = [sshd.stop];

  const login = { repository, 'key-file': join(root, 'id') };

  function connect({ port = sshd.port, jump, config, secrets, ...options }: SiteOptions = {}) {
    const through = jump === undefined ? [] : [HostName.parse(jump.name)];
    const ssh = { port, user: sshd.user, jump: through };
    const host = { name: HOST, ssh, key: options.hostKey ?? sshd.hostKeys[0] };
    return ansibleOver([host, ...(jump ? [jump] : [])], { ...login, ...config }, secrets);
  }

  return {
    folder: root,
    runFolders: () => readdirSync(root).filter((name) => name.startsWith('signalbox-ansible-')),
    reach: {
      host: { name: HOST, ssh: { port: sshd.port, user: sshd.user }, key: sshd.hostKeys[0] },
      config: login,
    },
    over: (options) => connect(options).port,
    check: () => connect().check(AbortSignal.timeout(PATIENCE_MS)),
    commit,
    anotherKey: () => makeKey(join(mkdtempSync(join(root, 'key')), 'id')),
    async jumpHost() {
      const jump = await openSshServer({ folder: join(root, 'jump'), authorized });
      closing.push(jump.stop);
      const { port, user, hostKeys } = jump;
      return { name: 'gate-1', ssh: { port, user }, key: hostKeys[0] };
    },
    async play(text, options = {}) {
      const { mode = 'apply', signal = AbortSignal.timeout(PATIENCE_MS) } = options;
      const playbook = { file: 'site.yml', commit: commit({ 'site.yml': text }) };
      const reports: TaskReport[] = [];
      const onTask = (report: TaskReport) => {
        reports.push(report);
        options.onTask?.(report);
      };
      const end = await connect(options).port[mode](HOST, playbook, { onTask }, signal);
      return { end, reports };
    },
    async close() {
      for (const stop of closing) await stop();
      delete process.env.TMPDIR;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostName } from '../../../src/domain/ids.ts';
import type {
  ConfigurationManagement,
  PlaybookEnd,
  TaskReport,
} from '../../../src/jobs/ports/configuration-management.ts';
import { ansibleOver } from '../../adapters/infra/ansible/driver-fixture.ts';
import { playbookRepository } from '../../adapters/infra/ansible/playbook-repository.ts';
import { makeKey, type OpenSshServer, openSshServer } from '../ssh/open-ssh-server.ts';

const HOST = HostName.parse('builder-07');

export interface AnsibleRun {
  readonly end: PlaybookEnd;
  readonly reports: readonly TaskReport[];
}

/** A host with a real SSH server, and a repository of playbooks for it. */
export interface AnsibleSite {
  /** A folder for what playbooks write. */
  readonly folder: string;
  readonly sshd: OpenSshServer;
  over(options?: SiteOptions): ConfigurationManagement;
  /** Commits the tasks as site.yml and runs it. */
  play(play: string, options?: RunOptions): Promise<AnsibleRun>;
  commit(files: Readonly<Record<string, string>>): string;
  close(): Promise<void>;
}

export interface SiteOptions {
  readonly config?: Record<string, unknown>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** Instead of the one that the host shows. */
  readonly hostKey?: string | undefined;
  readonly port?: number;
}

interface RunOptions extends SiteOptions {
  readonly mode?: 'apply' | 'preview';
  readonly signal?: AbortSignal;
  readonly onTask?: (report: TaskReport) => void;
}

export async function ansibleSite(): Promise<AnsibleSite> {
  const root = mkdtempSync(join(tmpdir(), 'ansible-test-'));
  const authorized = makeKey(join(root, 'id'));
  const sshd = await openSshServer({ folder: join(root, 'sshd'), authorized });
  const { folder: repository, commit } = playbookRepository(join(root, 'playbooks'));

  function over(options: SiteOptions = {}) {
    const { port = sshd.port, hostKey = sshd.hostKeys[0], config, secrets } = options;
    const login = { repository, 'key-file': join(root, 'id') };
    const host = { name: HOST, ssh: { port, user: sshd.user }, key: hostKey };
    return ansibleOver([host], { ...login, ...config }, secrets).port;
  }

  return {
    folder: root,
    sshd,
    over,
    commit,
    async play(play, options = {}) {
      const { mode = 'apply', signal = AbortSignal.timeout(50_000) } = options;
      const playbook = { file: 'site.yml', commit: commit({ 'site.yml': play }) };
      const reports: TaskReport[] = [];
      const onTask = (report: TaskReport) => {
        reports.push(report);
        options.onTask?.(report);
      };
      const end = await over(options)[mode](HOST, playbook, { onTask }, signal);
      return { end, reports };
    },
    async close() {
      await sshd.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

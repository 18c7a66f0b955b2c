import { HostName } from '../../../src/domain/ids.ts';
import { type AnsibleHost, ansibleOver } from '../../adapters/infra/ansible/driver-fixture.ts';

interface Task {
  readonly host: AnsibleHost;
  readonly config: Record<string, unknown>;
  readonly commit: string;
}

/** Runs site.yml at a commit, as a worker would, until something happens to it. */
const { host, config, commit } = JSON.parse(process.argv[2] ?? '') as Task;
const playbook = { file: 'site.yml', commit };
const { port } = ansibleOver([host], config);
await port.apply(HostName.parse(host.name), playbook, {}, new AbortController().signal);

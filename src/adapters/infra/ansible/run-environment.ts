import { fileURLToPath } from 'node:url';
import { quoteWords } from '../ssh/quote.ts';
import type { RunPaths } from './run-folder.ts';
import { strictWords } from './ssh-files.ts';

const CALLBACKS = fileURLToPath(new URL('./callback/', import.meta.url));
/** What Ansible and ssh need of ours. Nothing else of it reaches a playbook: it holds the secrets of signalbox. */
const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'TZ', 'SSH_AUTH_SOCK'];

/**
 * Environment variables win over the repository's ansible.cfg, which is in effect for everything else: roles,
 * collections, plugins. The settings: https://docs.ansible.com/ansible/latest/reference_appendices/config.html
 */
export function runEnvironment(paths: RunPaths): Readonly<Record<string, string>> {
  const inherited = INHERITED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    // Ansible refuses to start where the encoding is not UTF-8.
    LC_ALL: 'C.UTF-8',
    PYTHONDONTWRITEBYTECODE: '1',
    ANSIBLE_CALLBACK_PLUGINS: CALLBACKS,
    ANSIBLE_STDOUT_CALLBACK: 'signalbox_events',
    ANSIBLE_HOST_KEY_CHECKING: 'True',
    ANSIBLE_INVENTORY_ENABLED: 'yaml',
    ANSIBLE_INVENTORY_UNPARSED_FAILED: 'True',
    ANSIBLE_LOCAL_TEMP: paths.temporary,
    ANSIBLE_NOCOLOR: '1',
    ANSIBLE_FORCE_COLOR: '0',
    ANSIBLE_RETRY_FILES_ENABLED: '0',
    ANSIBLE_SSH_ARGS: quoteWords([
      ...strictWords(paths.sshConfig, paths.knownHosts),
      ...['-o', 'ControlMaster=auto', '-o', 'ControlPersist=60s'],
    ]),
    ANSIBLE_SSH_CONTROL_PATH_DIR: paths.control,
  };
}

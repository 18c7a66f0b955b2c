import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import openSsh from '../../../src/adapters/infra/openssh-shell.ts';
import { HostName } from '../../../src/domain/ids.ts';
import { shellOver } from '../../adapters/infra/ssh/shell-fixture.ts';
import { shellConformance } from '../../shell-conformance.ts';
import { makeKey, openSshServer } from '../ssh/open-ssh-server.ts';

shellConformance('openssh with OpenSSH', { runs: 'every program' }, async () => {
  const root = mkdtempSync(join(tmpdir(), 'signalbox-ssh-'));
  const folder = join(root, 'files');
  mkdirSync(folder);
  const authorized = makeKey(join(root, 'id'));
  const server = await openSshServer({ folder: join(root, 'sshd'), authorized });
  const { port, user, hostKeys } = server;
  const { shell, close } = shellOver(
    [{ name: 'builder-07', ssh: { port, user }, key: hostKeys[0] }],
    { 'key-file': join(root, 'id'), 'state-dir': join(root, 'claims') },
    openSsh,
  );
  return {
    shell,
    host: HostName.parse('builder-07'),
    folder,
    owner: execFileSync('sh', ['-c', 'echo "$(id -un):$(id -gn)"'], { encoding: 'utf8' }).trim(),
    cut: async () => server.cutSessions(),
    async close() {
      await close();
      await server.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
});

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GRUB_CFG } from '../../adapters/infra/boot/boot-fixture.ts';
import { makeKey, openSshServer } from '../ssh/open-ssh-server.ts';

/** What the device under /boot is said to be. */
export interface Device {
  readonly abstraction: string;
  readonly fs: string;
}

/**
 * A machine that starts by GRUB, as far as SSH shows one: a real sshd, grub-editenv with its block, grub-mkrelpath and
 * grub-script-check. Two programs are stand-ins on sshd's PATH: `grub-probe`, since the device under a test's folder is
 * whatever it is, and `systemctl`, which writes down that it was called.
 */
export async function grubHost(device: Device = { abstraction: '', fs: 'ext2' }) {
  const root = mkdtempSync(join(tmpdir(), 'signalbox-grub-'));
  const [boot, programs] = [join(root, 'boot'), join(root, 'programs')];
  mkdirSync(join(boot, 'grub'), { recursive: true });
  mkdirSync(programs);
  writeFileSync(join(boot, 'grub/grub.cfg'), GRUB_CFG);
  const block = join(boot, 'grub/grubenv');
  execFileSync('grub-editenv', [block, 'create']);
  execFileSync('grub-editenv', [block, 'set', 'saved_entry=fedora']);
  program(programs, 'grub-probe', probeScript(device));
  program(programs, 'systemctl', `echo "$*" >> ${join(root, 'restarts')}`);
  const authorized = makeKey(join(root, 'id'));
  const path = `SetEnv PATH=${programs}:/usr/sbin:/usr/bin:/sbin:/bin`;
  const sshd = await openSshServer({ folder: join(root, 'sshd'), authorized, config: [path] });
  return {
    root,
    boot,
    ssh: { port: sshd.port, user: sshd.user },
    hostKey: sshd.hostKeys[0] ?? '',
    keyFile: join(root, 'id'),
    stateDir: join(root, 'claims'),
    customCfg: join(boot, 'grub/custom.cfg'),
    /** By the real program, and at its real size. */
    environment() {
      if (readFileSync(block).length !== 1024) throw new Error('not an environment block any more');
      return execFileSync('grub-editenv', [block, 'list'], { encoding: 'utf8' });
    },
    setEnvironment: (...words: readonly string[]) =>
      execFileSync('grub-editenv', [block, 'set', ...words]),
    restarts: () =>
      existsSync(join(root, 'restarts')) ? readFileSync(join(root, 'restarts'), 'utf8') : '',
    replaceProgram: (name: string, script: string) => program(programs, name, script),
    cutSessions: () => sshd.cutSessions(),
    async stop() {
      await sshd.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export type GrubHost = Awaited<ReturnType<typeof grubHost>>;

function program(folder: string, name: string, script: string): void {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

function probeScript({ abstraction, fs }: Device): string {
  return `case $1 in
  --target=abstraction) echo '${abstraction}' ;;
  --target=fs) echo '${fs}' ;;
  --target=fs_uuid) echo c0ffee00-0000-4000-8000-000000000001 ;;
  *) exit 1 ;;
esac`;
}

import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { userInfo } from 'node:os';

const DEVICE = '/dev/kvm';
/** A kernel without a root panics within a second; where virtual machines are nested badly it never gets there. */
const BOOTS_WITHIN_MS = 5_000;

export interface KvmAccess {
  /** Without a KVM that works guests are emulated, and slow. */
  readonly virtType: 'kvm' | 'qemu';
  giveBack(): void;
}

/** Lets a user use KVM for a while, where there is one and we may. */
export function kvmAccess(user: string): KvmAccess {
  const emulated: KvmAccess = { virtType: 'qemu', giveBack() {} };
  try {
    accessSync(DEVICE, constants.R_OK | constants.W_OK);
    if (!bootsKernel()) return emulated;
    if (userInfo().uid !== 0) return { virtType: 'kvm', giveBack() {} };
    execFileSync('setfacl', ['-m', `u:${user}:rw`, DEVICE], { stdio: 'ignore' });
  } catch {
    return emulated;
  }
  return {
    virtType: 'kvm',
    giveBack: () => void execFileSync('setfacl', ['-x', `u:${user}`, DEVICE]),
  };
}

function bootsKernel(): boolean {
  const kernel = readdirSync('/boot').find((name) => /^vmlinuz-.*-cloud-amd64$/.test(name));
  if (kernel === undefined) throw new Error('install the package linux-image-cloud-amd64');
  const machine = ['-accel', 'kvm', '-m', '128', '-nodefaults', '-display', 'none', '-no-reboot'];
  const boot = ['-kernel', `/boot/${kernel}`, '-append', 'console=ttyS0 panic=-1'];
  const words = [...machine, '-serial', 'stdio', ...boot];
  const options = { timeout: BOOTS_WITHIN_MS };
  return spawnSync('qemu-system-x86_64', words, options).stdout.includes('Kernel panic');
}

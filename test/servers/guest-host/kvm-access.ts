import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { userInfo } from 'node:os';

const DEVICE = '/dev/kvm';

export interface KvmAccess {
  /** Without KVM guests are emulated, and slow. */
  readonly virtType: 'kvm' | 'qemu';
  giveBack(): void;
}

/** Lets a user use KVM for a while, where there is one and we may. */
export function kvmAccess(user: string): KvmAccess {
  const emulated: KvmAccess = { virtType: 'qemu', giveBack() {} };
  try {
    accessSync(DEVICE, constants.R_OK | constants.W_OK);
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

import { describe, expect, it } from 'vitest';
import driver from '../../../../src/adapters/infra/ssh-boot-witness.ts';
import { type Effect, Failure } from '../../../../src/domain/failure.ts';
import { HostName, ZoneName } from '../../../../src/domain/ids.ts';
import type { RemoteResult, RemoteShell } from '../../../../src/jobs/ports/remote-shell.ts';
import { plainInventory } from '../../../plain-inventory.ts';

const HOST = HostName.parse('builder-07');
const signal = new AbortController().signal;
const BOOT_ID = 'cat /proc/sys/kernel/random/boot_id';
const MARK = 'cat -- /etc/signalbox/installed.json';

type Answer = Partial<RemoteResult> | Failure;

function failure(code: string, effect: Effect = 'none'): Failure {
  return new Failure({ code, problem: code, because: 'a test', effect, next: '' });
}

const unused = () => Promise.reject(new Error('not for a witness'));

/** A host that answers each command with one result; what it does not know it has not. */
function witness(answers: Readonly<Record<string, Answer>>, config: object = {}) {
  const forgotten: string[] = [];
  const shell: RemoteShell = {
    async run(_host, { argv }) {
      const answer = answers[argv.join(' ')] ?? { code: 1, stderr: 'not found\n' };
      if (answer instanceof Failure) throw answer;
      return { code: 0, stdout: '', stderr: '', truncated: false, ...answer };
    },
    forget: async (host) => void forgotten.push(host),
    putFile: unused,
    startClaimed: unused,
    readClaimed: unused,
  };
  const { port } = driver.connect(driver.config.parse(config), {
    zone: ZoneName.parse('test'),
    inventory: { current: () => plainInventory() },
    hostKeys: { expected: unused, replace: unused },
    secrets: { read: unused },
    shell: () => shell,
  });
  return { witness: port, forgotten };
}

describe('the boot witness over SSH', () => {
  it('reads the boot id', async () => {
    const { witness: asked } = witness({ [BOOT_ID]: { stdout: 'a-b-c\n' } });
    expect(await asked.bootId(HOST, signal)).toBe('a-b-c');
  });

  it.each(['ssh.unreachable', 'ssh.lost', 'ssh.timeout'])(
    'knows nothing of a host that does not answer (%s)',
    async (code) => {
      const { witness: asked } = witness({ [BOOT_ID]: failure(code), [MARK]: failure(code) });
      expect(await asked.bootId(HOST, signal)).toBeUndefined();
      expect(await asked.installed(HOST, signal)).toBeUndefined();
    },
  );

  it.each([
    'ssh.host-key-changed',
    'ssh.host-key-unknown',
    'ssh.auth-failed',
    'ssh.jump-unreachable',
  ])('does not take %s for silence', async (code) => {
    const { witness: asked } = witness({ [BOOT_ID]: failure(code), [MARK]: failure(code) });
    await expect(asked.bootId(HOST, signal)).rejects.toMatchObject({ code });
    await expect(asked.installed(HOST, signal)).rejects.toMatchObject({ code });
  });

  it('reads the mark of the installer', async () => {
    const mark = { image: 'f43-builder@2026.11.18', nonce: 'n1' };
    const { witness: asked } = witness({ [MARK]: { stdout: JSON.stringify(mark) } });
    expect(await asked.installed(HOST, signal)).toEqual(mark);
  });

  it('finds no mark on a host that answers and has none', async () => {
    expect(await witness({}).witness.installed(HOST, signal)).toBeNull();
  });

  it('says that a mark is there and cannot be read', async () => {
    const there = { [MARK]: { code: 1, stderr: 'cat: Input/output error\n' } };
    const { witness: asked } = witness({ ...there, 'test -e /etc/signalbox/installed.json': {} });
    await expect(asked.installed(HOST, signal)).rejects.toMatchObject({
      code: 'witness.unreadable',
      effect: 'none',
      message:
        'builder-07 answers and /etc/signalbox/installed.json cannot be read: code 1, cat: Input/output error',
    });
  });

  it('says that a mark is not a mark', async () => {
    const { witness: asked } = witness({ [MARK]: { stdout: '{"image":"a"}' } });
    await expect(asked.installed(HOST, signal)).rejects.toMatchObject({
      message:
        'builder-07 answers and /etc/signalbox/installed.json cannot be read: it is not {"image": "name@version", "nonce": "…"}',
    });
  });

  it.each([
    ['ends well', {}],
    ['is cut off', failure('ssh.lost', 'unknown')],
    ['is ended by the shutdown', { code: 143 }],
  ])(
    'takes a restart for accepted when its command %s, and forgets the connections',
    async (_, answer) => {
      const { witness: asked, forgotten } = witness({ 'systemctl reboot': answer });
      await asked.restart(HOST, signal);
      expect(forgotten).toEqual([HOST]);
    },
  );

  it('says that a restart was refused', async () => {
    const answer = { code: 1, stderr: 'Operation inhibited by dnf\n' };
    const { witness: asked } = witness(
      { 'shutdown -r now': answer },
      { restart: ['shutdown', '-r', 'now'] },
    );
    await expect(asked.restart(HOST, signal)).rejects.toMatchObject({
      code: 'witness.restart-refused',
      effect: 'unknown',
      message: 'builder-07 was not restarted: shutdown -r now: code 1, Operation inhibited by dnf',
    });
  });

  it('does not take a host that cannot be reached for one that restarts', async () => {
    const { witness: asked } = witness({ 'systemctl reboot': failure('ssh.unreachable') });
    await expect(asked.restart(HOST, signal)).rejects.toMatchObject({ code: 'ssh.unreachable' });
  });
});

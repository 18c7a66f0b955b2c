import { describe, expect, it } from 'vitest';
import { actOnGuest } from '../../../../src/adapters/infra/libvirt/act-on-guest.ts';
import { Failure } from '../../../../src/domain/failure.ts';
import type {
  ClaimedRun,
  ClaimName,
  RemoteCommand,
  RemoteShell,
} from '../../../../src/jobs/ports/remote-shell.ts';
import { GUEST, HYPERVISOR, OP } from './example-guest.ts';

const { signal } = new AbortController();
const RUNNING = { kind: 'running' } as const;
const exited = (code: number, output = '') => ({ kind: 'exited', code, output }) as const;

/** A hypervisor on which the claim comes to what is said, one look after the other. */
function hypervisor(...looks: readonly (ClaimedRun | Failure | undefined)[]) {
  const started: { claim: ClaimName; command: RemoteCommand }[] = [];
  const rest = [...looks];
  const look = async () => {
    const next = rest.shift();
    if (next instanceof Failure) throw next;
    return next;
  };
  const absent = () => Promise.reject(new Error('an act only claims'));
  const shell: RemoteShell = {
    run: absent,
    putFile: absent,
    async startClaimed(_host, claim, command) {
      started.push({ claim, command });
      return (await look()) ?? RUNNING;
    },
    readClaimed: look,
    async forget() {},
  };
  const place = { shell, guest: GUEST, hypervisor: HYPERVISOR, uri: 'qemu:///system', state: '/s' };
  const act = { act: 'start', fence: { op: OP, epoch: 3 } } as const;
  return { started, go: (at = signal) => actOnGuest(place, act, at) };
}

const silent = new Failure({
  code: 'ssh.unreachable',
  problem: 'vhost-01',
  because: 'no answer',
  effect: 'none',
  next: 'Wait.',
});

describe('an act on a guest', () => {
  it('runs under a claim of its operation and epoch, and ends with it', async () => {
    const { started, go } = hypervisor(RUNNING, RUNNING, exited(0));
    await go();
    expect(started).toMatchObject([
      {
        claim: {
          op: OP,
          step: 'guest',
          epoch: 3,
          part: expect.stringMatching(/^start-[0-9a-f]{16}$/),
        },
        command: { asRoot: true },
      },
    ]);
    const [words] = started.map(({ command }) => command.argv.slice(4));
    expect(words).toEqual(['/s', GUEST, OP, '3', 'qemu:///system']);
  });

  it('has a claim of its own each time, so that it may be done again', async () => {
    const { started, go } = hypervisor(exited(0), exited(0));
    for (const _ of ['once', 'twice']) await go();
    expect(new Set(started.map(({ claim }) => claim.part)).size).toBe(2);
  });

  it('had no effect when it was not started', async () => {
    await expect(hypervisor(silent).go()).rejects.toBe(silent);
  });

  it('has an unknown effect when the hypervisor falls silent after it was started', async () => {
    await expect(hypervisor(RUNNING, silent).go()).rejects.toMatchObject({
      code: 'hypervisor.no-end',
      effect: 'unknown',
      cause: silent,
    });
  });

  it.each([
    ['its process is gone', { kind: 'lost', because: 'its process is gone' } as const],
    ['its claim is gone', undefined],
  ])('has an unknown effect when %s', async (because, look) => {
    await expect(hypervisor(RUNNING, look).go()).rejects.toMatchObject({
      code: 'hypervisor.no-end',
      effect: 'unknown',
      message: expect.stringContaining(because),
    });
  });

  it('has an unknown effect when it is told to stop meanwhile', async () => {
    const stop = new AbortController();
    const going = hypervisor(RUNNING, RUNNING, RUNNING, RUNNING).go(stop.signal);
    stop.abort();
    await expect(going).rejects.toMatchObject({ code: 'hypervisor.no-end', effect: 'unknown' });
  });

  it('had no effect when the script refused, and says why', async () => {
    const said = exited(76, 'libvirt says this and that\nsignalbox: hypervisor.running it runs\n');
    await expect(hypervisor(said).go()).rejects.toMatchObject({
      code: 'hypervisor.running',
      effect: 'none',
      message: 'builder-09 cannot be made anew: it runs',
    });
  });

  it('had no effect when a newer epoch was there first', async () => {
    await expect(hypervisor(exited(75, '4\n')).go()).rejects.toMatchObject({
      code: 'ssh.claim-superseded',
      effect: 'none',
      message: expect.stringContaining('epoch 4 has been there and this is epoch 3'),
    });
  });

  it.each([
    ['failed', exited(1, 'error: no network default\n'), 'error: no network default'],
    ['failed without a word', exited(1), 'exit code 1'],
    // Another program may exit with the same code and know nothing of what was done before.
    ['failed with the code of a refusal', exited(76, 'broken\n'), 'broken'],
  ])('has an unknown effect when it %s', async (_how, look, because) => {
    await expect(hypervisor(look).go()).rejects.toMatchObject({
      code: 'hypervisor.command-failed',
      effect: 'unknown',
      message: `start of builder-09 failed on vhost-01: ${because}`,
    });
  });
});

import { describe, expect, it } from 'vitest';
import { HostName } from '../../../../src/domain/ids.ts';
import { ADMIN, BOT, lab, labState } from './koji-lab.ts';

const BUILDER = HostName.parse('builder-01');
const signal = new AbortController().signal;

function times(methods: readonly string[], method: string): number {
  return methods.filter((each) => each === method).length;
}

describe('writes to koji', () => {
  it('sends nothing that is so already, because koji keeps a row for every change', async () => {
    const { farm, hub } = await lab();
    for (const _ of ['once', 'twice']) await farm.disable(BUILDER, 'op-7k2m', signal);
    expect(times(hub.carriedOut(), 'disableHost')).toBe(1);
    expect(times(hub.carriedOut(), 'editHost')).toBe(1);
  });

  it('reads the state when the answer to disableHost is lost, and does not repeat it', async () => {
    const { farm, hub, state } = await lab();
    hub.drop(1, 'disableHost');
    await farm.disable(BUILDER, 'op-7k2m', signal);
    expect(times(hub.carriedOut(), 'disableHost')).toBe(1);
    expect(state.host('builder-01')).toMatchObject({ enabled: false, comment: 'op-7k2m' });
  });

  it('does the same for a lost comment, a lost enableHost and a lost freeTask', async () => {
    const { farm, hub, state } = await lab({ user: ADMIN });
    hub.drop(1, 'editHost');
    await farm.disable(BUILDER, 'op-7k2m', signal);
    hub.drop(1, 'enableHost');
    await farm.enable(BUILDER, '', signal);
    hub.drop(1, 'freeTask');
    await farm.requeue(101, signal);
    expect(times(hub.carriedOut(), 'freeTask')).toBe(1);
    expect(state.host('builder-01')).toMatchObject({ enabled: true, comment: '' });
    expect(state.task(101).state).toBe('free');
  });

  it('leaves the outcome unknown when it cannot look either', async () => {
    const memory = labState();
    const state = { ...memory };
    const { farm, hub } = await lab({ memory, state });
    hub.drop(1, 'disableHost');
    const look = state.changeHost;
    state.changeHost = (...change) => {
      look(...change);
      hub.refuse(1, { code: 1, text: 'deadlock' }, 'getHost');
    };
    await expect(farm.disable(BUILDER, 'op-7k2m', signal)).rejects.toMatchObject({
      code: 'koji.no-answer',
      effect: 'unknown',
      message: expect.stringMatching(/did not answer disableHost: socket hang up$/),
    });
  });

  it('takes fault 1009 for what it is: an earlier attempt took effect', async () => {
    const { farm, hub, state } = await lab();
    hub.resend(1, 'disableHost');
    await farm.disable(BUILDER, 'op-7k2m', signal);
    expect(times(hub.carriedOut(), 'disableHost')).toBe(1);
    expect(state.host('builder-01').enabled).toBe(false);
  });

  it('says what is unknown when fault 1009 comes and the state is not as asked', async () => {
    const { farm, hub } = await lab();
    hub.refuse(1, { code: 1009, text: 'unable to retry call 2' }, 'disableHost');
    await expect(farm.disable(BUILDER, 'op-7k2m', signal)).rejects.toMatchObject({
      code: 'koji.no-answer',
      effect: 'unknown',
      next: 'It may have been carried out. Look at the builder in koji before any retry.',
    });
    expect(hub.carriedOut()).not.toContain('disableHost');
  });

  it('gives up on a hub that does not answer in time, and says that it may have acted', async () => {
    const { farm, hub, state } = await lab({ timeoutMs: 150 });
    await farm.builder(BUILDER, signal);
    hub.stall(1, 'disableHost');
    await farm.disable(BUILDER, 'op-7k2m', signal);
    expect(state.host('builder-01').enabled).toBe(false);
    hub.stall(1, 'getHost');
    await expect(farm.builder(BUILDER, signal)).rejects.toMatchObject({
      code: 'koji.no-answer',
      effect: 'none',
      message: `koji at ${hub.url.host} did not answer getHost: no answer within 150 ms`,
    });
  });

  it('sends no control characters, and says so', async () => {
    const { farm, state } = await lab();
    await expect(farm.disable(BUILDER, 'ding \u0007', signal)).rejects.toMatchObject({
      effect: 'none',
      message: expect.stringMatching(/could not be sent editHost: U\+0007 cannot be sent as XML$/),
    });
    expect(state.host('builder-01').comment).toBeUndefined();
  });

  it('names the permission that the bot lacks', async () => {
    const nobody = { ...BOT, permissions: [] };
    const { farm, hub } = await lab({ user: nobody, users: [nobody] });
    await expect(farm.disable(BUILDER, 'op-7k2m', signal)).rejects.toMatchObject({
      code: 'koji.not-allowed',
      effect: 'none',
      message: `koji at ${hub.url.host} does not let the bot call disableHost: its user lacks the permission host`,
      next: 'Nothing was changed. A koji administrator can grant it: koji grant-permission host bot',
    });
  });
});

describe('the session', () => {
  it.each([
    ['the hub has seen a higher call number (1008)', 'raiseCallnums'],
    ['the session has expired (1007)', 'expireSessions'],
    ['the hub does not know the session any more (1002)', 'closeSessions'],
  ] as const)('logs in once more when %s', async (_why, trouble) => {
    const { farm, hub } = await lab();
    await farm.builder(BUILDER, signal);
    hub[trouble](99);
    await farm.disable(BUILDER, 'op-7k2m', signal);
    expect(times(hub.carriedOut(), 'login')).toBe(2);
    expect(times(hub.carriedOut(), 'disableHost')).toBe(1);
  });

  it('logs in no third time', async () => {
    const { farm, hub } = await lab();
    hub.refuse(5, { code: 1007, text: 'session "1" has expired' }, 'getHost');
    await expect(farm.builder(BUILDER, signal)).rejects.toMatchObject({
      code: 'koji.refused',
      message: expect.stringMatching(/session "1" has expired$/),
    });
    expect(times(hub.carriedOut(), 'login')).toBe(2);
  });

  it('asks again under the next number when a read meets fault 1009', async () => {
    const { farm, hub } = await lab();
    hub.refuse(1, { code: 1009, text: 'unable to retry call 0' }, 'getHost');
    expect(await farm.builder(BUILDER, signal)).toMatchObject({ enabled: true });
  });

  it('sends one call at a time', async () => {
    const { farm, hub } = await lab();
    const both = [BUILDER, HostName.parse('builder-02')];
    await Promise.all(both.map((host) => farm.disable(host, 'op-7k2m', signal)));
    expect(hub.mostAtOnce()).toBe(1);
    expect(times(hub.carriedOut(), 'login')).toBe(1);
  });

  it('puts the session into the query for a hub that reads it there only', async () => {
    const { farm, state } = await lab({ headerAuth: false });
    await farm.disable(BUILDER, 'op-7k2m', signal);
    expect(state.host('builder-01').enabled).toBe(false);
  });

  it('says when the hub is offline, and goes on when it is back', async () => {
    const { farm, hub } = await lab();
    hub.goOffline();
    await expect(farm.disable(BUILDER, 'op-7k2m', signal)).rejects.toMatchObject({
      code: 'koji.offline',
      effect: 'none',
      message: `koji at ${hub.url.host} is offline: server is offline`,
    });
    hub.comeBack();
    expect(await farm.builder(BUILDER, signal)).toMatchObject({ enabled: true });
  });

  it('knows that nothing was done when the hub cannot be reached', async () => {
    const { farm, hub } = await lab();
    await farm.builder(BUILDER, signal);
    await hub.close();
    await expect(farm.disable(BUILDER, 'op-7k2m', signal)).rejects.toMatchObject({
      code: 'koji.no-answer',
      effect: 'none',
      message: expect.stringMatching(/could not be sent getHost: connect ECONNREFUSED/),
    });
  });

  it('logs in for nobody who has given up already', async () => {
    const { farm, hub } = await lab();
    await expect(farm.builder(BUILDER, AbortSignal.abort())).rejects.toMatchObject({
      effect: 'none',
      message: expect.stringMatching(/: the call was given up before it was sent$/),
    });
    expect(hub.carriedOut()).toEqual([]);
  });

  it('refuses a wrong password without showing it', async () => {
    const { farm, hub } = await lab({ user: { ...BOT, password: 'hunter2' } });
    await expect(farm.builder(BUILDER, signal)).rejects.toMatchObject({
      code: 'koji.login',
      effect: 'none',
      message: `the bot cannot log in to koji at ${hub.url.host}: invalid username or password`,
    });
  });
});

describe('what is read from koji', () => {
  it('names the nearest builder it has', async () => {
    const { farm, hub } = await lab();
    await expect(farm.builder(HostName.parse('bulider-01'), signal)).rejects.toMatchObject({
      code: 'farm.unknown-builder',
      message: `koji at ${hub.url.host} has no builder bulider-01: the nearest it has is builder-01`,
    });
  });

  it('counts a host that koji does not have as out of service', async () => {
    const { farm } = await lab();
    const stranger = HostName.parse('web1');
    expect(await farm.outOfService([BUILDER, stranger], signal)).toEqual([stranger]);
  });

  it('labels tasks by method and package, or by number', async () => {
    const { farm } = await lab();
    const tasks = await farm.tasks(BUILDER, signal);
    expect(tasks.map(({ label }) => label)).toEqual([
      'build kernel',
      'buildArch kernel',
      'newRepo 102',
    ]);
  });

  it('shows a builder that never checked in', async () => {
    const { farm, state } = await lab();
    state.putHost({ name: 'builder-01', checkedInAt: undefined });
    expect((await farm.builder(BUILDER, signal)).checkedInAt).toBeUndefined();
  });

  it('describes what answered', async () => {
    const { farm, hub } = await lab();
    expect(await farm.describe(signal)).toBe(
      `koji 1.35.3 at ${hub.url.host}, logged in as bot with a password, may: host`,
    );
  });
});

describe('requeue', () => {
  it('is for administrators', async () => {
    const { farm } = await lab();
    expect(await farm.rights([100, 101], signal)).toEqual({
      requeue: [],
      cancel: [],
      lacking: 'bot lacks the permission admin in koji',
    });
    await expect(farm.requeue(101, signal)).rejects.toMatchObject({
      code: 'koji.not-allowed',
      message: expect.stringMatching(/its user lacks the permission admin$/),
    });
    const boss = await lab({ user: ADMIN });
    expect(await boss.farm.rights([100, 101], signal)).toEqual({
      requeue: [100, 101],
      cancel: [100, 101],
      lacking: undefined,
    });
  });

  it('leaves finished and free tasks alone, which needs no rights', async () => {
    const { farm, hub } = await lab();
    await farm.requeue(103, signal);
    await farm.requeue(104, signal);
    expect(hub.carriedOut()).not.toContain('freeTask');
  });

  it('does not mind when the task became free in between, which koji calls no such task', async () => {
    const memory = labState();
    const { farm, hub } = await lab({ user: ADMIN, memory, state: freedAfterFirstLook(memory) });
    await farm.requeue(101, signal);
    expect(hub.carriedOut()).not.toContain('freeTask');
    expect(memory.task(101).state).toBe('free');
  });

  it('fails when koji refuses and the task is still there', async () => {
    const { farm, hub } = await lab({ user: ADMIN });
    hub.refuse(1, { code: 1000, text: 'No such task: 101' }, 'freeTask');
    await expect(farm.requeue(101, signal)).rejects.toMatchObject({ code: 'koji.refused' });
  });

  it('names a task that koji does not have', async () => {
    const { farm, hub } = await lab({ user: ADMIN });
    await expect(farm.requeue(9, signal)).rejects.toMatchObject({
      code: 'koji.unknown-task',
      message: `koji at ${hub.url.host} has no task 9: the hub does not know this number`,
    });
  });
});

describe('cancel', () => {
  it("is for a task's owner, and koji's word about others is passed on", async () => {
    const { farm, hub, state } = await lab();
    state.putTask({ id: 102, owner: 'bot' });
    expect(await farm.rights([100, 102], signal)).toMatchObject({ requeue: [], cancel: [102] });
    await farm.cancel(102, signal);
    expect(state.task(102).state).toBe('canceled');
    await expect(farm.cancel(101, signal)).rejects.toMatchObject({
      code: 'koji.not-allowed',
      effect: 'none',
      message: `koji at ${hub.url.host} does not let the bot call cancelTask: Cannot cancel task, not owner`,
      next: 'Nothing was changed. Ask a koji administrator.',
    });
  });

  it('reads the state when the answer is lost, and does not repeat it', async () => {
    const { farm, hub, state } = await lab({ user: ADMIN });
    hub.drop(1, 'cancelTask');
    await farm.cancel(101, signal);
    expect(times(hub.carriedOut(), 'cancelTask')).toBe(1);
    expect(state.task(101).state).toBe('canceled');
  });

  it('leaves a task alone that is back in the queue', async () => {
    const { farm, hub, state } = await lab({ user: ADMIN });
    await farm.cancel(104, signal);
    expect(hub.carriedOut()).not.toContain('cancelTask');
    expect(state.task(104).state).toBe('free');
  });
});

/** The task is open when it is looked at first, and free from then on. */
function freedAfterFirstLook(memory: ReturnType<typeof labState>) {
  return {
    ...memory,
    tasks: () => {
      const seen = memory.tasks();
      memory.freeTask(101);
      return seen;
    },
  };
}

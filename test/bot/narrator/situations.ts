import { DEFAULT_REMINDERS } from '../../../src/jobs/model/reminders.ts';
import type { createWorld } from '../world.ts';

type Heard = Promise<readonly string[]>;
type Play = (create: typeof createWorld) => Heard;

/** What an operator reads where there are only lines, situation by situation. The names are plain sentences for whoever judges the words. */
export const SITUATIONS: Readonly<Record<string, Play>> = {
  'a request that needs approval': async (create) => {
    const { says } = await create();
    return says('ana', '!clean builder-01');
  },
  'a request that starts at once': async (create) => {
    const { says } = await create();
    return says('rik', '!clean builder-01');
  },
  'a plan for one host': async (create) => {
    const { says } = await create();
    return says('ana', '!plan clean builder-01');
  },
  'a plan for many hosts': async (create) => {
    const { says } = await create();
    return says('ana', '!plan clean @builders');
  },
  'a request for many hosts, not yet confirmed': async (create) => {
    const { says } = await create();
    return says('ana', '!clean @builders');
  },
  'approved by one of two': async (create) => {
    const { says, reacts } = await create();
    await says('gus', '!clean builder-01');
    return reacts('ana', '👍');
  },
  'approved by the second of two, and run': async (create) => {
    const { says, reacts } = await create();
    await says('gus', '!clean builder-01');
    await reacts('ana', '👍');
    return reacts('ben', '👍');
  },
  'an approval by who asked for it': async (create) => {
    const { says } = await create();
    await says('ana', '!clean builder-01');
    return says('ana', '!approve op-1 CODE');
  },
  'refused: no right': async (create) => {
    const { says } = await create();
    return says('dan', '!clean builder-01');
  },
  'refused: interlock': async (create) => {
    const { says } = await create();
    await says('ben', '!lock builder-02 debugging the kernel');
    return says('ana', '!clean builder-02');
  },
  'a freeze, and a request during it': async (create) => {
    const { says } = await create();
    const frozen = await says('rik', '!freeze staging for=2h koji is upgraded');
    return [...frozen, ...(await says('ana', '!clean builder-01'))];
  },
  'a store that is read-only, by !status': async (create) => {
    const because = 'it went back behind op-7k2m';
    const since = Date.UTC(2026, 10, 18, 13, 55);
    const { says } = await create({ readOnly: { because, since } });
    return [...(await says('kim', '!status')), ...(await says('eve', '!status'))];
  },
  'refused: unknown host': async (create) => {
    const { says } = await create();
    return says('ana', '!clean bulder-01');
  },
  'refused: a host with a letter of another script': async (create) => {
    const { says } = await create();
    return says('ana', '!clean bu\u0456lder-01');
  },
  'refused: unknown person': async (create) => {
    const { says } = await create();
    return says('eve', '!clean builder-01');
  },
  'refused: the directory is down': async (create) => {
    const { says, people } = await create();
    people.goesAway();
    return says('ana', '!clean builder-01');
  },
  'a drain, with the builds it waits for': async (create) => {
    const { says, farm } = await create();
    farm.builds('builder-01', 'buildArch kernel', 'buildArch bash');
    return says('rik', '!clean builder-01');
  },
  'progress after a while': async (create) => {
    const { says, farm, passes } = await create();
    farm.builds('builder-01', 'buildArch kernel');
    await says('rik', '!clean builder-01');
    await passes(4);
    farm.finishes('builder-01');
    await passes(1);
    return (await passes(1)).filter((line) => line.includes('3/4'));
  },
  'waiting for claims, with the place in line': async (create) => {
    const { says, reacts, farm } = await create();
    farm.builds('builder-01', 'buildArch kernel');
    await says('ana', '!clean builder-01');
    await says('rik', '!clean builder-01');
    return reacts('ben', '👍', undefined);
  },
  'a step that wants an approval of its own': async (create) => {
    const { says, reacts, passes } = await create({
      stepApproval: { count: 1, groups: ['sysadmin-builders'] },
    });
    await says('ana', '!clean builder-01');
    await reacts('ben', '👍');
    return passes(1);
  },
  'a failure, with its question': async (create) => {
    const { says, passes, troubles } = await create();
    troubles.set('test', 'no such device');
    await says('rik', '!clean builder-01');
    return passes(1);
  },
  'a reminder of an approval': async (create) => {
    const { says, passes } = await create({ reminders: DEFAULT_REMINDERS });
    await says('ana', '!clean builder-01');
    return passes(10);
  },
  'a reminder of a question': async (create) => {
    const { says, passes, troubles } = await create({ reminders: DEFAULT_REMINDERS });
    troubles.set('test', 'no such device');
    await says('rik', '!clean builder-01');
    await passes(1);
    return passes(10);
  },
  'a retry, and the end after it': async (create) => {
    const { says, passes, troubles } = await create();
    troubles.set('test', 'no such device');
    await says('rik', '!clean builder-01');
    await passes(1);
    troubles.clear();
    return says('rik', '!retry op-1');
  },
  'a hold': async (create) => {
    const { says, farm } = await create();
    farm.builds('builder-01', 'buildArch kernel');
    await says('rik', '!clean builder-01');
    return says('ana', '!hold op-1 the rack is being moved');
  },
  'nobody answered': async (create) => {
    const { says, passes, troubles } = await create();
    troubles.set('test', 'no such device');
    await says('rik', '!clean builder-01');
    await passes(1);
    return passes(31);
  },
  'rolled back': async (create) => {
    const { says, farm } = await create();
    farm.builds('builder-01', 'buildArch kernel');
    await says('rik', '!clean builder-01');
    return says('rik', '!cancel op-1 wrong host');
  },
  'a rollback that fails': async (create) => {
    const { says, farm, passes } = await create();
    farm.builds('builder-01', 'buildArch kernel');
    await says('rik', '!clean builder-01');
    farm.goesAway();
    const heard = [...(await says('rik', '!cancel op-1 wrong host'))];
    for (let minute = 0; minute < 20; minute += 1) heard.push(...(await passes(1)));
    return heard;
  },
  'a takeover': async (create) => {
    const { says, farm } = await create();
    farm.builds('builder-01', 'buildArch kernel');
    await says('ana', '!clean builder-01');
    await says('ben', '!approve op-1 CODE');
    return says('rik', '!unlock builder-01 the console says it burns');
  },
  denied: async (create) => {
    const { says } = await create();
    await says('ana', '!clean builder-01');
    return says('ben', '!deny op-1 CODE not during the release');
  },
  'back after an outage': async (create) => {
    const world = await create();
    world.troubles.set('test', 'no such device');
    world.farm.builds('builder-02', 'buildArch bash');
    await world.says('rik', '!clean builder-02');
    await world.passes(1);
    world.network.goesAway();
    await world.meanwhile(() => world.says('rik', '!clean builder-01'));
    await world.passes(1);
    await world.passes(1);
    await world.networkReturns(120_001);
    return [...world.heard('#mirrors'), ...world.heard('#builders').slice(-3)].map((line) =>
      line.replace(/op-\w+/g, 'op-1'),
    );
  },
  '!status': async (create) => {
    const { says, farm } = await create();
    farm.builds('builder-01', 'buildArch kernel');
    await says('rik', '!clean builder-01');
    return says('kim', '!status');
  },
  '!status for strangers': async (create) => {
    const { says, farm } = await create();
    farm.builds('builder-01', 'buildArch kernel');
    await says('rik', '!clean builder-01');
    return says('eve', '!status');
  },
  '!status of a pool, a host, an operation': async (create) => {
    const { says, farm } = await create();
    farm.builds('builder-01', 'buildArch kernel');
    await says('rik', '!clean builder-01');
    const asked = ['!status @builders', '!status builder-01', '!status op-1'];
    const all: string[] = [];
    for (const line of asked) all.push(...(await says('kim', line)));
    return all;
  },
  '!status of what is not there': async (create) => {
    const { says } = await create();
    return says('kim', '!status bulder-02');
  },
  '!ops': async (create) => {
    const { says, farm, passes, troubles } = await create();
    troubles.set('test', 'no such device');
    farm.builds('builder-01', 'buildArch kernel');
    await says('rik', '!clean builder-01');
    await says('rik', '!clean builder-02');
    await says('ana', '!clean builder-03');
    await passes(1);
    return says('kim', '!ops');
  },
};

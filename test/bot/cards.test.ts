import { describe, expect, test } from 'vitest';
import { until } from '../until.ts';
import { cardText } from './narrator/card-text.ts';
import { createWorld, ON_CALL, OPS, type World } from './world.ts';

const CARDS = { edit: true, threads: true } as const;
const APPROVALS = { network: 'matrix', channel: '#approvals', watches: [], approvals: true };

function cardsIn({ network }: World, channel = OPS) {
  return network.posted.filter((one) => one.as === 'card' && one.channel === channel);
}

/** The headline of the newest card of a channel, as it stands there. */
function headline(world: World, channel = OPS): string | undefined {
  const card = cardsIn(world, channel).at(-1);
  return card && world.network.standing(card.id)?.card?.headline;
}

function inChannel({ network }: World, channel = OPS): readonly string[] {
  return network.posted
    .filter((one) => one.channel === channel && one.thread === undefined && one.as !== 'card')
    .flatMap(({ lines }) => lines)
    .map((line) => line.replace(/op-\w+/g, 'op-1'));
}

/** Its builds are finished, and it runs to its end. */
async function finish({ farm, passes }: World): Promise<void> {
  farm.finishes('builder-01');
  for (let minute = 0; minute < 4; minute += 1) await passes(1);
}

async function shows(world: World, wanted: RegExp, channel = OPS): Promise<void> {
  await until(async () => wanted.test(headline(world, channel) ?? ''));
}

describe('an operation on a network that can edit', () => {
  test('has one card in each channel concerned, edited until it is over', async () => {
    const world = await createWorld(CARDS);
    await world.says('rik', '!clean builder-01');
    await world.passes(1);
    await shows(world, /^DONE in 60 s/);
    await shows(world, /^DONE in 60 s/, '#builders');
    expect(cardsIn(world)).toHaveLength(1);
    expect(cardsIn(world, '#builders')).toHaveLength(1);
    expect(cardsIn(world, '#mirrors')).toHaveLength(0);
    expect(inChannel(world)).toEqual([]);
    expect(world.problems).toEqual([]);
  });

  test('tells how it goes in the thread of its card, and its end', async () => {
    const world = await createWorld(CARDS);
    await world.says('rik', '!clean builder-01');
    await world.passes(1);
    const [card] = cardsIn(world);
    const thread = world.network.posted.filter((one) => one.channel === OPS && one.thread);
    expect(new Set(thread.map((one) => one.thread?.id))).toEqual(new Set([card?.id]));
    const said = thread.flatMap(({ lines }) => lines.map((line) => line.replace(/op-\w+/, 'op-1')));
    expect(said.slice(0, 2)).toEqual(['op-1 1/4 disable builder-01', 'op-1 2/4 drain builder-01']);
    expect(said.filter((line) => line.includes('DONE in'))).toHaveLength(1);
  });

  test('asks in the channel, in a message of its own that is never edited, and says there who answered', async () => {
    const world = await createWorld(CARDS);
    world.troubles.set('test', 'no such device');
    await world.says('ana', '!clean builder-01');
    await world.reacts('ben', '👍');
    await world.passes(1);
    const asked = world.prompts();
    expect(asked).toHaveLength(2);
    await world.reacts('ben', '⏭️');
    await shows(world, /^DONE with skips/);
    expect(inChannel(world).filter((line) => line.startsWith('op-1'))).toEqual([
      'op-1 approved by ben, starting',
      expect.stringMatching(/^op-1 4\/4 FAILED test: mount/),
      'op-1 skip, says ben',
    ]);
    expect(world.network.edits.filter(({ id }) => asked.includes(id))).toEqual([]);
  });

  test('says in the channel that it ended badly', async () => {
    const world = await createWorld(CARDS);
    await world.says('ana', '!clean builder-01');
    await world.says('ben', '!deny op-1 CODE not now');
    await shows(world, /^REFUSED|^CANCELLED/);
    expect(inChannel(world).at(-1)).toMatch(/^op-1 (REFUSED|CANCELLED).*not now/);
  });

  test('is edited once for what happens at once, with the newest', async () => {
    const world = await createWorld(CARDS);
    world.workersGo();
    await world.says('rik', '!clean builder-01');
    await world.workersComeBack();
    await shows(world, /^2\/4/);
    const own = new Set(cardsIn(world).map(({ id }) => id));
    const edits = world.network.edits.filter(({ id }) => own.has(id));
    const texts = edits.map(({ message }) => JSON.stringify(message.card));
    expect(new Set(texts).size).toBe(texts.length);
    expect(edits.at(-1)?.message.card?.headline).toBe('2/4 drain builder-01');
  });

  test('gets a card anew where somebody deleted it, and goes on in that', async () => {
    const world = await createWorld(CARDS);
    world.farm.builds('builder-01', 'buildArch kernel');
    await world.says('rik', '!clean builder-01');
    const [first] = cardsIn(world);
    world.network.deletes(first?.id ?? '');
    // Something new to show, however far the edits before had come.
    world.farm.builds('builder-01', 'buildArch glibc');
    await world.passes(1);
    await until(async () => cardsIn(world).length === 2);
    await finish(world);
    await shows(world, /^DONE/);
    expect(cardsIn(world)).toHaveLength(2);
    const end = world.network.posted.findLast((one) => one.channel === OPS && one.thread);
    expect(end?.thread?.id).toBe(cardsIn(world).at(-1)?.id);
  });

  test.each(['saved', 'lost'] as const)(
    'goes on in the same card when another bot takes over with its cursor %s, and nothing is said again',
    async (cursor) => {
      const world = await createWorld(CARDS);
      world.farm.builds('builder-01', 'buildArch kernel');
      await world.says('rik', '!clean builder-01');
      await world.narratorStops();
      const before = world.network.posted.length;
      await world.narratorRestarts(cursor);
      expect(world.network.posted).toHaveLength(before);
      await finish(world);
      await shows(world, /^DONE/);
      expect(cardsIn(world)).toHaveLength(1);
    },
  );

  test('has its card brought to the end also where a bot died before it could', async () => {
    const world = await createWorld(CARDS);
    world.farm.builds('builder-01', 'buildArch kernel');
    await world.says('rik', '!clean builder-01');
    await shows(world, /^2\/4 drain/);
    const { edit } = world.network;
    Object.assign(world.network, {
      edit: async () => Promise.reject(new Error('the line is cut')),
    });
    await finish(world);
    expect(headline(world)).toMatch(/^2\/4 drain/);
    await world.narratorStops();
    Object.assign(world.network, { edit });
    await world.narratorRestarts('saved');
    await shows(world, /^DONE/);
    expect(cardsIn(world)).toHaveLength(1);
  });

  test('has it brought up to date by the next bot also where the store did not answer at first', async () => {
    const world = await createWorld(CARDS);
    world.farm.builds('builder-01', 'buildArch kernel');
    await world.says('rik', '!clean builder-01');
    await shows(world, /^2\/4 drain/);
    const { edit } = world.network;
    Object.assign(world.network, {
      edit: async () => Promise.reject(new Error('the line is cut')),
    });
    await finish(world);
    await world.narratorStops();
    const { recent } = world.journal;
    const recently = async (count: number) => {
      Object.assign(world.journal, { recent });
      throw new Error(`no word of the last ${count}`);
    };
    Object.assign(world.network, { edit });
    Object.assign(world.journal, { recent: recently });
    await world.narratorRestarts('saved');
    await shows(world, /^DONE/);
    expect(world.problems.map(String)).toContainEqual(expect.stringMatching('no word of the last'));
  });

  test('has its card brought up to date after an outage, without what was said meanwhile', async () => {
    const world = await createWorld(CARDS);
    world.farm.builds('builder-01', 'buildArch kernel');
    await world.says('rik', '!clean builder-01');
    world.network.goesAway();
    const before = world.network.posted.length;
    world.farm.finishes('builder-01');
    await world.passes(1);
    await world.passes(1);
    await world.networkReturns(120_001);
    await shows(world, /^DONE/);
    const since = world.network.posted.slice(before);
    expect(since.filter(({ channel }) => channel === OPS)).toEqual([]);
    expect(
      since.filter(({ channel }) => channel === '#builders').map(({ lines }) => lines),
    ).toEqual([[expect.stringMatching(/^back after 2 min.*DONE/)]]);
  });

  test('that began while the network was away has a card once it is back, if it still goes on', async () => {
    const world = await createWorld(CARDS);
    world.farm.builds('builder-02', 'buildArch bash');
    world.network.goesAway();
    await world.meanwhile(() => world.says('rik', '!clean builder-01'));
    await world.meanwhile(() => world.says('rik', '!clean builder-02'));
    await world.passes(1);
    await world.networkReturns(60_001);
    await until(async () => cardsIn(world, '#builders').length > 0);
    expect(cardsIn(world, '#builders').map(({ card }) => card?.command)).toEqual([
      'clean builder-02',
    ]);
  });
});

describe('a channel of approvers', () => {
  test('hears of what waits for approval and what came of it, and of nothing else', async () => {
    const world = await createWorld({ channels: [APPROVALS] });
    await world.says('ana', '!clean builder-01');
    await world.says('ben', '!approve op-1 CODE');
    await world.says('rik', '!clean builder-02');
    await world.passes(1);
    expect(inChannel(world, APPROVALS.channel)).toEqual([
      expect.stringMatching(/^ana: op-1 clean builder-01/),
      expect.stringMatching(/needs 1 approval from sysadmin-builders/),
      'op-1 approved by ben, starting',
    ]);
  });

  test('has the card of it, edited to the end', async () => {
    const world = await createWorld({ ...CARDS, channels: [APPROVALS] });
    await world.says('ana', '!clean builder-01');
    await world.reacts('ben', '👍');
    await world.passes(1);
    await shows(world, /^DONE/, APPROVALS.channel);
    const [card] = cardsIn(world, APPROVALS.channel);
    expect(card?.card && cardText(card.card)[0]).toMatch(/^\[asks\] op-\w+ needs 1 approval/);
  });

  test('counts a reaction there like one where it was asked', async () => {
    const world = await createWorld({ ...CARDS, channels: [APPROVALS] });
    await world.says('ana', '!clean builder-01');
    const prompt = world.network.posted.find(
      ({ as, channel }) => as === 'prompt' && channel === APPROVALS.channel,
    );
    await world.reacts('ben', '👍', prompt?.id);
    expect(inChannel(world).at(-1)).toBe('op-1 approved by ben, starting');
  });

  test('hears that nobody approved', async () => {
    const world = await createWorld({ channels: [APPROVALS] });
    await world.says('ana', '!clean builder-01');
    await world.passes(31);
    expect(inChannel(world, APPROVALS.channel).at(-1)).toMatch(/^op-1 EXPIRED/);
    expect(inChannel(world, ON_CALL).at(-1)).toMatch(/^op-1 EXPIRED/);
  });
});

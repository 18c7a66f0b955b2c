import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Refused } from '../../../src/jobs/refusals/refusal-entry.ts';
import type { Delivered } from '../../slack/deliveries.ts';
import type { SlackMessage } from '../../slack/workspace.ts';
import { type SlackSite, startSlackSite } from './slack-site.ts';

const REPLAYED =
  /^the same request came before: somebody may have kept it and be sending it again$/;

let site: SlackSite;
let request: Delivered;
let asked: SlackMessage;
beforeAll(async () => {
  site = await startSlackSite('http');
  const { double, ops, people } = site;
  request = await double.types(people.ana, ops, '/signalbox', 'reimage builder-08');
  asked = await site.reads(/!approve op-/);
});
afterAll(() => site?.close());

const because =
  (what: RegExp, typed: string) =>
  (refused: Refused): boolean =>
    refused.typed === typed && what.test(refused.because);

describe('refused by HTTP, and on record', () => {
  it('is a command that comes a second time', async () => {
    const { double, people } = site;
    expect((await double.deliveries.replay(request)).status).toBe(401);
    const refused = await site.onRecord(because(REPLAYED, 'reimage builder-08'));
    expect(refused).toMatchObject({
      network: 'slack',
      channel: '#ops',
      person: 'ana',
      account: `${double.workspace.team}:${people.ana.id}`,
    });
    expect(await site.operations()).toHaveLength(1);
  });

  it('is the press of a button that comes a second time, and a reaction', async () => {
    const { double, ops, people } = site;
    const { replay } = double.deliveries;
    const press = await double.presses(people.ben, ops, asked, 0);
    await site.reads(/approved by ben, 1 of 2/);
    expect((await replay(press)).status).toBe(401);
    expect(await site.onRecord(because(REPLAYED, '👍'))).toMatchObject({ person: 'ben' });
    const reaction = await double.reacts(people.kim, ops, asked, '+1');
    await site.reads(/^kim is in community; approving op-\w+ takes/);
    expect((await replay(reaction)).status).toBe(401);
    await site.onRecord((one) => one.person === 'kim' && REPLAYED.test(one.because));
    expect(site.read().filter((text) => /^(?:ben|kim)\b/.test(text))).toHaveLength(1);
  });

  it('is what Slack signed too long ago, or for later, though it was never taken', async () => {
    const { double, people, ops } = site;
    const { deliveries } = double;
    const press = pressBy(people.cyd.id);
    expect((await deliveries.request('interactive', press, { skewS: -420 })).status).toBe(401);
    const stale = /^Slack signed the request 7 min ago: somebody may be sending it again, or/;
    expect(await site.onRecord(because(stale, '👍'))).toMatchObject({ person: 'cyd' });
    await double.says(people.cyd, ops, 'good morning');
    const event = { ...newestEvent(), text: '!reimage builder-09' };
    const early = { ...double.events.at(-1), event_id: 'EvEARLY', event };
    expect((await deliveries.request('events_api', early, { skewS: 420 })).status).toBe(401);
    const why = /^Slack signed the request for \d min from now: a clock is wrong$/;
    expect(await site.onRecord(because(why, 'reimage builder-09'))).toMatchObject({
      person: 'cyd',
    });
    const [kinds] = await site.operations();
    expect(kinds?.filter((kind) => kind === 'approved')).toHaveLength(1);
  });

  it('is not what nobody signed, however often it comes, nor what nobody asked with', async () => {
    const { double, ops, people } = site;
    const { deliveries } = double;
    const before = await site.refused();
    for (let nth = 0; nth < 50; nth += 1) {
      const skewS = nth % 2 === 0 ? 0 : -420;
      const forged = await deliveries.request('interactive', pressBy(people.cyd.id), {
        forged: true,
        skewS,
      });
      expect(forged.status).toBe(401);
    }
    const talk = await double.says(people.cyd, ops, 'good morning');
    expect((await deliveries.replay(talk)).status).toBe(401);
    await double.says(people.cyd, ops, '!whoami');
    await site.reads(/you are cyd/);
    expect(await site.refused()).toEqual(before);
  });

  it('is no event that Slack brings again, which is taken once', async () => {
    const { double, ops, people } = site;
    const { deliveries } = double;
    const said = await double.says(people.ana, ops, '!reimage builder-10');
    const event = double.events.at(-1) ?? {};
    const again = { 'x-slack-retry-num': '1' };
    expect((await deliveries.replay(said, again)).status).toBe(200);
    await site.reads(/builder-10\b.*\n.*!approve op-/);
    expect((await deliveries.request('events_api', event, { skewS: 1 })).status).toBe(200);
    await double.says(people.ben, ops, '!whoami');
    await site.reads(/you are ben/);
    expect(await site.operations()).toHaveLength(2);
    const replayed = await site.refused();
    expect(replayed.filter(({ typed }) => typed === 'reimage builder-10')).toEqual([]);
  });

  it('is read in the channel, exported and verified like any other', async () => {
    const { double, ops, people } = site;
    await double.says(people.ben, ops, '!audit');
    const { text } = await site.reads(/was refused on slack\/#ops: reimage builder-08 · the same/);
    expect(text).toMatch(/cyd was refused on slack\/#ops: 👍 · Slack signed the request 7 min ago/);
    const [exported, verified] = await Promise.all([
      site.run('audit', 'export', '--person', 'cyd'),
      site.run('audit', 'verify'),
    ]);
    const lines = exported.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { ledger: 'refusals', refused: { person: 'cyd', typed: '👍' } },
      { ledger: 'refusals', refused: { person: 'cyd', typed: 'reimage builder-09' } },
    ]);
    expect(verified).toMatchObject({ code: 0 });
  });
});

function newestEvent(): object {
  const { event } = (site.double.events.at(-1) ?? {}) as { readonly event?: object };
  if (event === undefined) throw new Error('nothing was told');
  return event;
}

/** As Slack would tell of it, under the question. */
function pressBy(user: string): object {
  const { double, ops } = site;
  const { team } = double.workspace;
  return {
    type: 'block_actions',
    team: { id: team },
    user: { id: user, team_id: team },
    trigger_id: double.workspace.newId('Tr'),
    channel: { id: ops.id },
    message: { ts: asked.ts, user: asked.user },
    actions: [{ action_id: 'signalbox-answer-0', action_ts: '1.1', value: '👍' }],
  };
}

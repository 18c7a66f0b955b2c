import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelsIn } from '../../slack/block-schema.ts';
import type { SlackMessage, User } from '../../slack/workspace.ts';
import { type SlackSite, startSlackSite } from './slack-site.ts';

let site: SlackSite;
/** The question whether builder-08 may be reimaged, of which a step will fail. */
let asked: SlackMessage;
beforeAll(async () => {
  site = await startSlackSite();
  site.fleet.world().faults.set('builder-08', 'prepare', 9);
});
afterAll(() => site?.close());

it('approvals by button and by reaction count once a person, never of the requester, and as they stand after an outage', async () => {
  const { double, ops, people } = site;
  await double.types(people.ana, ops, '/signalbox', 'reimage builder-08');
  asked = await site.reads(/!approve op-/);
  await double.reacts(people.ana, ops, asked, '+1');
  await site.reads(/^ana asked for op-\w+, and nobody approves their own request/);
  await double.reacts(people.kim, ops, asked, '+1');
  await site.reads(/^kim is in community; approving op-\w+ takes/);
  await double.presses(people.ben, ops, asked, 0);
  await site.reads(/approved by ben, 1 of 2/);
  await double.presses(people.ben, ops, asked, 0);
  await site.reads(/^ben has approved op-\w+ already/);
  double.takesSockets(false);
  await double.reacts(people.cyd, ops, asked, '+1');
  double.takesSockets(true);
  await site.reads(/approved by cyd, starting/);
  const ofBen = site.read().filter((text) => /^op-\w+ approved by ben/.test(text));
  expect(ofBen).toHaveLength(1);
});

describe('refused on Slack, and on record', () => {
  let open: SlackMessage;
  let failed: SlackMessage;

  beforeAll(async () => {
    const { double, ops, people } = site;
    failed = await site.reads(/FAILED prepare.*\n.*!retry/);
    // It is away already, and takes nothing more of its pool.
    await double.types(people.ana, ops, '/signalbox', 'reimage builder-11');
    open = await site.reads(/builder-11\b.*\n.*!approve op-/);
  });

  it('is a reaction by the requester, by who copied a name, and by somebody of another workspace', async () => {
    const { double, ops, people } = site;
    const { team } = double.workspace;
    const profile = { display_name: 'ben', real_name: 'ben' };
    const mallory = double.person('mallory', { profile });
    const eve = double.person('eve', { profile, team_id: 'T0ELSE', is_stranger: true });
    await double.reacts(people.ana, ops, open, '+1');
    await double.reacts(mallory, ops, open, '+1');
    await double.reacts(eve, ops, open, '+1');
    const because = async (what: RegExp) => site.onRecord((one) => what.test(one.because));
    const own = /^ana asked for op-\w+, and nobody approves their own request$/;
    expect(await because(own)).toMatchObject({ person: 'ana', typed: '👍' });
    const copied = await because(/^nobody in people\.yaml has/);
    expect(copied).toMatchObject({ account: `${team}:${mallory.id}`, shown: 'ben' });
    expect(copied).not.toHaveProperty('person');
    const foreign = await because(/^you belong to another workspace/);
    expect(foreign).toMatchObject({ shown: 'ben', typed: '👍' });
    expect(foreign).not.toHaveProperty('account');
  });

  it('is a second press, and an approval that is taken back too late; in time, it is in the journal', async () => {
    const { double, ops, people } = site;
    await isRefused('ben', '👍', /^ben has approved op-\w+ already$/);
    await double.reacts(people.ben, ops, open, '+1');
    await site.reads(/approved by ben, 1 of 2/, 2);
    await double.unreacts(people.ben, ops, open, '+1');
    await site.reads(/approval taken back by ben/);
    expect((await site.operations()).at(-1)).toContain('withdrawn');
    await double.unreacts(people.cyd, ops, asked, '+1');
    await isRefused('cyd', '👍', /^it is too late to take that approval back/);
  });

  it('is an answer to what was asked before: an approval that was given, another try, nothing any more', async () => {
    const { double, ops, people } = site;
    await double.reacts(people.cyd, ops, asked, '+1');
    await isRefused('cyd', '👍', /^op-\w+ does not wait for approval: it waits for an answer$/);
    await press(people.ben, failed, 'retry');
    const next = await site.reads(/FAILED prepare.*\n.*!retry/, 2);
    await press(people.cyd, failed, 'rollback');
    await isRefused('cyd', '↩️', /^op-\w+ asks something else by now/);
    await double.reacts(people.cyd, ops, failed, 'repeat');
    await isRefused('cyd', '🔁', /^op-\w+ asks something else by now/);
    await press(people.ben, next, 'rollback');
    await site.reads(/ROLLED BACK in/);
    await press(people.cyd, next, 'retry');
    await isRefused('cyd', '🔁', /^op-\w+ asks nothing: it has ended/);
  });

  it('is a message of another workspace, of an app, and an old one that was edited', async () => {
    const { double, ops, people } = site;
    const eve = double.person('ana', { team_id: 'T0ELSE', is_stranger: true });
    await double.says(eve, ops, '!reimage builder-01');
    await double.botSays(ops, '!reimage builder-02');
    const { message } = await double.says(people.ana, ops, 'good morning');
    await double.edits(message, ops, '!reimage builder-03');
    await isRefused('ana', 'reimage builder-01', /^you belong to another workspace/);
    await isRefused('an app', 'reimage builder-02', /^apps and webhooks may do nothing here$/);
    await isRefused('ana', 'reimage builder-03', /^a message that was edited is no command/);
    expect(site.read().filter((text) => /^an app/.test(text))).toEqual([]);
    expect(await site.operations()).toHaveLength(2);
  });

  it('is neither talk, nor a reaction to words about a question, of which Slack does not say what they quote', async () => {
    const { double, ops, people } = site;
    const before = await site.refused();
    const { message } = await double.says(people.ana, ops, `> ${asked.text}\nshall we?`);
    await double.reacts(people.ben, ops, message, '+1');
    await double.says(people.ben, ops, '!whoami');
    await site.reads(/you are ben/);
    expect(await site.refused()).toEqual(before);
  });

  it('is read in the channel', async () => {
    const { double, ops, people } = site;
    await double.says(people.ben, ops, '!audit');
    const { text } = await site.reads(/apps and webhooks may do nothing here/);
    for (const line of [
      /ana was refused on slack\/#ops: reimage builder-03 · a message that was edited/,
      /somebody called an app was refused on slack\/#ops: reimage builder-02 · apps and webhooks/,
      /somebody called ana was refused on slack\/#ops: reimage builder-01 · you belong to another/,
    ]) {
      expect(text).toMatch(line);
    }
  });
});

function isRefused(shown: string, typed: string, because: RegExp): Promise<unknown> {
  return site.onRecord(
    (one) => one.shown === shown && one.typed === typed && because.test(one.because),
  );
}

async function press(user: User, message: SlackMessage, word: string): Promise<void> {
  const button = labelsIn(message.blocks).findIndex((label) => label.endsWith(` ${word}`));
  await site.double.presses(user, site.ops, message, button);
}

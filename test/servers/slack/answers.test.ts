import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SlackSite, startSlackSite } from './slack-site.ts';

let site: SlackSite;
beforeAll(async () => {
  site = await startSlackSite();
}, 120_000);
afterAll(() => site?.close());

it('approvals by button and by reaction count once a person, never of the requester, and as they stand after an outage', async () => {
  const { double, ops, people } = site;
  await double.types(people.ana, ops, '/signalbox', 'reimage builder-08');
  const asked = await site.reads(/!approve op-/);
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
}, 180_000);

it('what is refused is on record, with who and why', async () => {
  const { double, ops, people } = site;
  const eve = double.person('ana', { team_id: 'T0ELSE', is_stranger: true });
  await double.says(eve, ops, '!reimage builder-01');
  await site.reads(/^ana: you belong to another workspace/);
  await double.botSays(ops, '!reimage builder-02');
  const { message } = await double.says(people.ana, ops, 'good morning');
  await double.edits(message, ops, '!reimage builder-03');
  await site.reads(/^ana: a message that was edited is no command/);
  await double.says(people.ben, ops, '!audit');
  const text = (await site.reads(/apps and webhooks may do nothing here/)).text;
  for (const line of [
    /ana was refused on slack\/#ops: reimage builder-03 · a message that was edited/,
    /somebody called an app was refused on slack\/#ops: reimage builder-02 · apps and webhooks/,
    /somebody called ana was refused on slack\/#ops: reimage builder-01 · you belong to another/,
    /ana was refused on slack\/#ops: 👍 · ana asked for op-\w+, and nobody approves/,
  ]) {
    expect(text).toMatch(line);
  }
}, 180_000);

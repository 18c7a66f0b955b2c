import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../program/eventually.ts';
import { type SlackSite, startSlackSite } from './slack-site.ts';

let site: SlackSite;
beforeAll(async () => {
  site = await startSlackSite();
}, 120_000);
afterAll(() => site?.close());

it('approvals by button and by reaction: each person once, never the requester, and as they stand after an outage', async () => {
  const { double, ops, people } = site;
  await double.types(people.ana, ops, '/signalbox', 'reimage builder-08');
  const asked = await site.reads(/!approve op-/);
  await double.reacts(people.ana, ops, asked, '+1');
  await site.reads(/^ana asked for .*nobody approves their own request/);
  await double.reacts(people.kim, ops, asked, '+1');
  await site.reads(/^kim: kim is in community/);
  await double.presses(people.ben, ops, asked, 0);
  await site.reads(/approved by ben, 1 of 2/);
  await double.presses(people.ben, ops, asked, 0);
  await site.reads(/^ben: /);
  double.takesSockets(false);
  await double.reacts(people.cyd, ops, asked, '+1');
  double.takesSockets(true);
  await site.reads(/approved by cyd, starting/);
  console.log(site.read().join('\n---\n'));
}, 120_000);

it('what is refused is on record', async () => {
  const { double, ops, people } = site;
  const eve = double.person('ana', { team_id: 'T0ELSE', is_stranger: true });
  await double.says(eve, ops, '!reimage builder-01');
  await site.reads(/you belong to another workspace/);
  await double.botSays(ops, '!reimage builder-02');
  const { message } = await double.says(people.ana, ops, 'good morning');
  await double.edits(message, ops, '!reimage builder-03');
  await site.reads(/^ana: a message that was edited is no command/);
  const audit = await double.says(people.ben, ops, '!audit');
  const event = double.events.findLast((one) => JSON.stringify(one).includes(audit.message.ts));
  if (event) await double.deliver('events_api', event);
  await eventually(
    () => site.read().filter((text) => text.includes('apps and webhooks')).length > 0,
    60_000,
    () => site.read().join('\n'),
  );
  console.log(site.read().slice(-4).join('\n---\n'));
  expect(site.read().join('\n')).not.toMatch(/reimage builder-0[1-3].*needs 2/);
}, 120_000);

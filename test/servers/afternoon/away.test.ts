import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { effectsOf, metalOnce } from '../program/effects-of.ts';
import { longBuild } from '../program/long-build.ts';
import { type AfternoonSite, startAfternoon } from './afternoon-site.ts';
import { asked, isCard, isSlackCard, ON_TIME_MS, onMatrix, onSlack } from './asked.ts';
import { seenOnMatrix } from './seen-on-matrix.ts';

/** Longer than what is nobody's concern. */
const AWAY_MS = 6_000;
const PATIENCE_MS = 200_000;

let site: AfternoonSite;
beforeAll(async () => {
  site = await startAfternoon();
}, 180_000);
afterAll(() => site?.close());

async function approved(host: string): Promise<string> {
  const { op, question } = await asked(site, host);
  await site.onMatrix.ben.reacts(site.room, question, '👍');
  await site.onIrc.onlooker.hears(new RegExp(`${op} approved by ben`), ON_TIME_MS);
  return op;
}

/** The one card of an operation on each network says that it is done. */
async function cardsSayDone(op: string): Promise<void> {
  const done = `${op} DONE in`;
  await onMatrix(site, (message) => isCard(message) && message.body.includes(done));
  await onSlack(site, (message) => isSlackCard(message) && message.text.includes(done));
  const { onMatrix: people, room, slackOps } = site;
  const cards = (await seenOnMatrix(people.cyd, room)).filter(isCard);
  expect(cards.filter(({ body }) => body.includes(op))).toHaveLength(1);
  const slackCards = slackOps.messages.filter(isSlackCard);
  expect(slackCards.filter(({ text }) => text.includes(op))).toHaveLength(1);
}

describe('in mid-operation', () => {
  it(
    'Synapse and the Slack socket go away: the work goes on, and each channel is told what it missed, without a flood',
    async () => {
      const { synapse, slack, fleet, onIrc, onMatrix: people, room } = site;
      const endBuild = longBuild(fleet, 'builder-08');
      const op = await approved('builder-08');
      await onIrc.onlooker.hears(new RegExp(`${op} 2/8 waiting`), ON_TIME_MS);
      await onMatrix(site, ({ body }) => body.includes(`${op} 2/8 waiting`));
      const before = (await seenOnMatrix(people.cyd, room)).length;
      slack.takesSockets(false);
      await synapse.kill();
      endBuild();
      await Promise.all([
        onIrc.onlooker.hears(new RegExp(`${op} DONE in`), ON_TIME_MS),
        delay(AWAY_MS),
      ]);
      await synapse.restart();
      slack.takesSockets(true);
      await onMatrix(site, ({ body }) => /^back after .*DONE/.test(body));
      await onSlack(site, ({ text }) => text.startsWith('back after '));
      await cardsSayDone(op);
      const since = (await seenOnMatrix(people.cyd, room)).slice(before);
      const inChannel = since.filter(({ thread }) => thread === undefined);
      expect(inChannel.map(({ body }) => body)).toEqual([expect.stringMatching(/^back after /)]);
      // What was just being said when it went away is said.
      expect(since.length).toBeLessThan(5);
      expect(effectsOf(fleet, 'builder-08')).toEqual(metalOnce('builder-08'));
    },
    PATIENCE_MS,
  );

  it(
    'the store is killed: every network hears the end once, and the cards say it',
    async () => {
      const { redis, fleet, onIrc, onMatrix: people, room, slackOps } = site;
      const endBuild = longBuild(fleet, 'builder-09');
      const op = await approved('builder-09');
      await onIrc.onlooker.hears(new RegExp(`${op} 2/8 waiting`), ON_TIME_MS);
      await redis.kill();
      endBuild();
      await delay(AWAY_MS);
      await redis.start();
      await onIrc.onlooker.hears(new RegExp(`${op} DONE in`), ON_TIME_MS);
      await cardsSayDone(op);
      const isReport = (text: string) =>
        text.startsWith(`${op} DONE in`) && text.includes('asked by ana ·');
      const told = (await seenOnMatrix(people.cyd, room)).filter(({ body }) => isReport(body));
      expect(told).toHaveLength(1);
      expect(slackOps.messages.filter(({ text }) => isReport(text))).toHaveLength(1);
      expect(effectsOf(fleet, 'builder-09')).toContain('1 install f43-builder@2026.11.18');
    },
    PATIENCE_MS,
  );

  it(
    'the bot that talks is killed: the other goes on in the same cards, and counts what was pressed in between',
    async () => {
      const { bot, fleet, onMatrix: people, room, onIrc } = site;
      await site.startBot();
      const { op, question } = await asked(site, 'builder-10');
      await bot.kill();
      await people.ben.reacts(room, question, '👍');
      await onMatrix(site, ({ body }) => body.startsWith(`${op} approved by ben`));
      await cardsSayDone(op);
      const bodies = (await seenOnMatrix(people.cyd, room)).map(({ body }) => body);
      expect(bodies.filter((body) => body.startsWith(`${op} approved by ben`))).toHaveLength(1);
      expect(bodies.filter((body) => body.includes(`!approve ${op}`))).toHaveLength(1);
      await onIrc.onlooker.hears(new RegExp(`${op} DONE in`), ON_TIME_MS);
      expect(effectsOf(fleet, 'builder-10')).toEqual(metalOnce('builder-10'));
    },
    PATIENCE_MS,
  );
});

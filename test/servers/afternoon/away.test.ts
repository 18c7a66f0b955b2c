import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setEnabled } from '../../../src/adapters/simulated/fleet/build-system.ts';
import type { SlackMessage } from '../../slack/workspace.ts';
import { effectsOf, metalOnce } from '../program/effects-of.ts';
import { longBuild } from '../program/long-build.ts';
import { type AfternoonSite, startAfternoon } from './afternoon-site.ts';
import { asked, isCard, isSlackCard, onMatrix, onSlack } from './asked.ts';
import { type MatrixMessage, seenOnMatrix } from './seen-on-matrix.ts';

/** It was away for that long; it cannot be shown sooner. */
const AWAY_MS = 30_000;
const LONG_MS = 24 * 60 * 60_000;

let site: AfternoonSite;
beforeAll(async () => {
  site = await startAfternoon();
  // The pool lets two be away, and this one is from the beginning.
  const world = site.fleet.world();
  const broken = world.builders.get('builder-11');
  if (broken !== undefined) setEnabled(world, broken, true);
});
afterAll(() => site?.close());

async function approved(host: string): Promise<string> {
  const { op, question } = await asked(site, host);
  await site.onMatrix.ben.reacts(site.room, question, '👍');
  await site.onIrc.onlooker.hears(new RegExp(`${op} approved by ben`));
  return op;
}

/** Approved, and waiting for a build of the host. Gives what ends the build. */
async function draining(
  host: string,
): Promise<{ readonly op: string; readonly endBuild: () => void }> {
  const endBuild = longBuild(site.fleet, host, LONG_MS);
  const op = await approved(host);
  const waits = `${op} 2/8 waiting`;
  await site.onIrc.onlooker.hears(new RegExp(waits));
  await onMatrix(site, ({ body }) => body.includes(waits));
  await onSlack(site, ({ text }) => text.includes(waits));
  return { op, endBuild };
}

/** It ends in time, as the one network says that is there all the while. */
const isDone = (op: string) => site.onIrc.onlooker.hears(new RegExp(doneIn(op)));

/** What the bot says on Slack from now on, without what is in threads. */
function saidOnSlack(): () => readonly string[] {
  const { slack, slackOps } = site;
  const before = slackOps.messages.length;
  const isIts = ({ user, thread_ts }: SlackMessage) =>
    user === slack.workspace.bot.id && thread_ts === undefined;
  const since = () => slackOps.messages.slice(before);
  return () => since().flatMap((message) => (isIts(message) ? message.text : []));
}

/** What anybody says on Matrix from now on. */
async function saidOnMatrix(): Promise<() => Promise<readonly MatrixMessage[]>> {
  const { onMatrix: people, room } = site;
  const before = (await seenOnMatrix(people.cyd, room)).length;
  return async () => (await seenOnMatrix(people.cyd, room)).slice(before);
}

const isReport = (op: string, text: string) =>
  text.startsWith(doneIn(op)) && text.includes('asked by ana ·');

const doneIn = (op: string) => `${op} DONE in`;

/** The one card of an operation on each network says that it is done. */
async function cardsSayDone(op: string): Promise<void> {
  await onMatrix(site, (message) => isCard(message) && message.body.includes(doneIn(op)));
  await onSlack(site, (message) => isSlackCard(message) && message.text.includes(doneIn(op)));
  const { onMatrix: people, room, slackOps } = site;
  const cards = (await seenOnMatrix(people.cyd, room)).filter(isCard);
  expect(cards.filter(({ body }) => body.includes(op))).toHaveLength(1);
  const slackCards = slackOps.messages.filter(isSlackCard);
  expect(slackCards.filter(({ text }) => text.includes(op))).toHaveLength(1);
}

describe('in mid-operation', () => {
  it('Synapse and the Slack socket are away for half a minute, each while an operation goes on: each channel is told what it missed, without a flood', async () => {
    const { synapse, slack, fleet } = site;
    const [first, second] = [await draining('builder-08'), await draining('builder-10')];
    const onSlackSince = saidOnSlack();
    slack.takesSockets(false);
    const slackIsAway = delay(AWAY_MS);
    first.endBuild();
    await isDone(first.op);
    await onMatrix(site, ({ body }) => isReport(first.op, body));
    const onMatrixSince = await saidOnMatrix();
    await synapse.kill();
    const synapseIsAway = delay(AWAY_MS);
    second.endBuild();
    await Promise.all([isDone(second.op), slackIsAway]);
    slack.takesSockets(true);
    await onSlack(site, ({ text }) => text.startsWith('back after ') && text.includes('DONE'));
    await synapseIsAway;
    await synapse.restart();
    await onMatrix(site, ({ body }) => /^back after .*DONE/.test(body));
    await Promise.all([first, second].map(({ op }) => cardsSayDone(op)));
    const backAgain = expect.stringMatching(/^back after /);
    expect(onSlackSince()).toEqual([backAgain]);
    const since = await onMatrixSince();
    const inChannel = since.filter(({ thread }) => thread === undefined);
    expect(inChannel.map(({ body }) => body)).toEqual([backAgain]);
    // What was just being said when it went away is said.
    expect(since.length).toBeLessThan(5);
    expect(effectsOf(fleet, 'builder-08')).toEqual(metalOnce('builder-08'));
    expect(effectsOf(fleet, 'builder-10')).toEqual(metalOnce('builder-10'));
  });

  it('the store is away for half a minute: every network hears the end once, and the cards say it', async () => {
    const { redis, fleet, onMatrix: people, room, slackOps } = site;
    const { op, endBuild } = await draining('builder-12');
    await redis.kill();
    endBuild();
    await delay(AWAY_MS);
    await redis.start();
    await isDone(op);
    await cardsSayDone(op);
    await onMatrix(site, ({ body }) => isReport(op, body));
    await onSlack(site, ({ text }) => isReport(op, text));
    const told = (await seenOnMatrix(people.cyd, room)).filter(({ body }) => isReport(op, body));
    expect(told).toHaveLength(1);
    expect(slackOps.messages.filter(({ text }) => isReport(op, text))).toHaveLength(1);
    expect(effectsOf(fleet, 'builder-12')).toContain('1 install f43-builder@2026.11.18');
  });

  it('the bot that talks is killed: the other goes on in the same cards, and counts what was pressed in between', async () => {
    const { bot, fleet, onMatrix: people, room, onIrc } = site;
    await site.startBot();
    const { op, question } = await asked(site, 'builder-06');
    await bot.kill();
    await people.ben.reacts(room, question, '👍');
    await onMatrix(site, ({ body }) => body.startsWith(`${op} approved by ben`));
    await cardsSayDone(op);
    const bodies = (await seenOnMatrix(people.cyd, room)).map(({ body }) => body);
    expect(bodies.filter((body) => body.startsWith(`${op} approved by ben`))).toHaveLength(1);
    expect(bodies.filter((body) => body.includes(`!approve ${op}`))).toHaveLength(1);
    await onIrc.onlooker.hears(new RegExp(doneIn(op)));
    expect(effectsOf(fleet, 'builder-06')).toEqual(metalOnce('builder-06'));
  });
});

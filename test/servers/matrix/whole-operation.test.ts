import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';
import type { SiteProcess } from '../program/start-process.ts';
import { type MatrixSite, startMatrixSite } from './matrix-site.ts';

let site: MatrixSite;
let bot: SiteProcess;
beforeAll(async () => {
  site = await startMatrixSite();
  bot = await site.startBot();
});
afterAll(() => site?.close());

const has = (op: string, kind: string) => async () => (await site.kinds(op)).includes(kind);

describe('an operation on Matrix', () => {
  it('goes on while the homeserver is away, and is told in one line and in its card afterwards', async () => {
    const { ana, ben, ops, synapse } = site;
    const { op, question } = await site.asked('builder-08');
    await ben.reacts(ops, question.event_id, '👍');
    await eventually(has(op, 'step-started'));
    await synapse.kill();
    await eventually(has(op, 'ended'), PATIENCE_MS);
    await synapse.restart();
    await ana.hears(ops, new RegExp(`${op} .*DONE|back after`));
    const heard = await ana.seen(ops);
    const cards = heard.filter(({ content }) => content['m.relates_to']?.rel_type === 'm.replace');
    expect(await site.kinds(op)).toContain('approved');
    await eventually(
      async () =>
        (await ana.seen(ops)).some(({ content }) =>
          content['m.new_content']?.body.includes('DONE'),
        ),
      PATIENCE_MS,
      () => JSON.stringify(cards.map(({ content }) => content['m.new_content'])),
    );
  });

  it('is approved by a reaction that nobody heard, once a bot is there', async () => {
    const { ben, ops } = site;
    const { op, question } = await site.asked('builder-09');
    await bot.kill();
    await ben.reacts(ops, question.event_id, '👍');
    bot = await site.startBot();
    await eventually(has(op, 'approved'), PATIENCE_MS);
    expect((await site.kinds(op)).filter((kind) => kind === 'approved')).toHaveLength(1);
    await eventually(has(op, 'ended'), PATIENCE_MS);
  });

  it('is asked for once, however often a bot dies over it', async () => {
    const { ana, ops } = site;
    await bot.kill();
    await ana.says(ops, '!reimage builder-10');
    bot = await site.startBot();
    const question = await ana.hears(ops, /reimage builder-10[\s\S]*needs 1 approval/);
    await bot.kill();
    bot = await site.startBot();
    await ana.says(ops, '!ops');
    await ana.hears(ops, /builder-10/);
    const asked = (await ana.seen(ops)).filter(
      ({ content }) =>
        /reimage builder-10[\s\S]*needs 1 approval/.test(content.body ?? '') &&
        !content['m.new_content'],
    );
    expect(asked.map(({ event_id }) => event_id)).toEqual([question.event_id]);
  });
});

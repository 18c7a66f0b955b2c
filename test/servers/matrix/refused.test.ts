import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../program/eventually.ts';
import { type Asked, type MatrixSite, startMatrixSite } from './matrix-site.ts';

const PATIENCE_MS = 120_000;

let site: MatrixSite;
let open: Asked;
beforeAll(async () => {
  site = await startMatrixSite();
  await site.startBot();
  open = await site.asked('builder-08');
}, 240_000);
afterAll(() => site?.close());

const hears = (what: RegExp) => site.ana.hears(site.ops, what);
/** What the audit has of it. */
const onRecord = async (what: RegExp) => {
  await site.ana.says(site.ops, '!audit');
  await hears(what);
};

describe('refused on Matrix, and on record', { timeout: PATIENCE_MS }, () => {
  it('is a reaction by the requester', async () => {
    await site.ana.reacts(site.ops, open.question.event_id, '👍');
    await hears(/ana.*(?:own|asked for)/);
  });

  it('is a reaction by somebody whom the directory does not know, whatever their display name', async () => {
    const { eve, ops } = site;
    const profile = `/profile/${encodeURIComponent(eve.id)}/displayname`;
    await eve.call('PUT', profile, { displayname: 'ben' });
    await eve.reacts(ops, open.question.event_id, '👍');
    await hears(/^eve: /);
  });

  it('is a reaction to a message that only quotes the question', async () => {
    const { ben, ops } = site;
    const quote = await ben.replies(ops, open.question.event_id, 'shall we?');
    await ben.reacts(ops, quote, '👍');
    await hears(new RegExp(`ben: that message only quotes what ${open.op} asks`));
  });

  it('is an edit that makes a command of an old message', async () => {
    const { ana, ops } = site;
    const old = await ana.says(ops, 'good morning');
    await ana.edits(ops, old, '!reimage builder-09');
    await hears(/ana: a message that was edited is no command\. Type it as a new one\./);
  });

  it('is a reaction to a question that another one has taken the place of', async () => {
    const { ben, ops } = site;
    const denied = await site.asked('builder-10');
    await ben.reacts(ops, denied.question.event_id, '👎');
    await eventually(async () => (await site.kinds(denied.op)).includes('ended'));
    await ben.reacts(ops, denied.question.event_id, '👍');
    await hears(new RegExp(`ben: .*${denied.op}.*ended`));
    expect(await site.kinds(denied.op)).not.toContain('approved');
  });

  it('is an approval that was taken back before a second one came', async () => {
    const { ben, ops } = site;
    const kinds = () => site.kinds(open.op);
    expect(await kinds()).not.toContain('approved');
    await onRecord(/ben was refused on matrix.*quotes what/);
    const reaction = await ben.reacts(ops, open.question.event_id, '👍');
    await eventually(async () => (await kinds()).includes('approved'));
    await ben.redacts(ops, reaction);
    await hears(/too late to take that approval back|approval taken back by ben/);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Refused } from '../../../src/jobs/refusals/refusal-entry.ts';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';
import type { SiteProcess } from '../program/start-process.ts';
import { type Asked, type MatrixSite, startMatrixSite } from './matrix-site.ts';
import type { Person, SeenEvent } from './person.ts';

let site: MatrixSite;
let bot: SiteProcess;
let begin: string | undefined;
let open: Asked;
beforeAll(async () => {
  site = await startMatrixSite({ approvals: 2 });
  bot = await site.startBot();
  begin = await site.place.read();
  open = await site.asked('builder-08');
});
afterAll(() => site?.close());

const hears = (what: RegExp) => site.ana.hears(site.ops, what);

/** The one entry about a message, once there is one. */
async function onRecord(message: string): Promise<Refused> {
  const isAbout = (one: Refused) => one.message === message;
  const entry = await site.onRecord(isAbout);
  expect((await site.refused()).filter(isAbout)).toHaveLength(1);
  return entry;
}

/** What an entry says of who did it: nothing that they chose themselves. */
const by = ({ id }: Person, person?: string) => ({
  network: 'matrix',
  channel: '#ops:ops.test',
  account: id,
  shown: /^@(\w+):/.exec(id)?.[1],
  ...(person && { person }),
});

/** Everything that was said and done before is dealt with. */
async function isCaughtUp(): Promise<void> {
  const last = await site.cyd.says(site.ops, '!whoami');
  await eventually(async () =>
    (await site.ana.seen(site.ops)).some((event) => answers(event, last)),
  );
}

function answers({ content }: SeenEvent, message: string): boolean {
  return content['m.relates_to']?.['m.in_reply_to']?.event_id === message;
}

describe('refused on Matrix, and on record', () => {
  it.each(['👍', '👎'])('is the %s of the requester', async (sign) => {
    const { ana, ops } = site;
    const reaction = await ana.reacts(ops, open.question.event_id, sign);
    const because = expect.stringMatching(new RegExp(`^ana asked for ${open.op}`));
    expect(await onRecord(reaction)).toEqual({
      ...by(ana, 'ana'),
      message: reaction,
      typed: sign,
      because,
    });
    await hears(new RegExp(`^ana asked for ${open.op}`));
  });

  it('is a command and a reaction of somebody whom the directory does not know', async () => {
    const { eve, ops } = site;
    const command = await eve.says(ops, '!reimage builder-09');
    const reaction = await eve.reacts(ops, open.question.event_id, '👍');
    const because = expect.stringMatching(/^nobody in people\.yaml has .*@eve:ops\.test/);
    const typed = { message: command, typed: 'reimage builder-09' };
    expect(await onRecord(command)).toEqual({ ...by(eve), ...typed, because });
    expect(await onRecord(reaction)).toEqual({
      ...by(eve),
      message: reaction,
      typed: '👍',
      because,
    });
    await hears(/^eve: nobody in people\.yaml has/);
  });

  it('is somebody who has copied the display name of one who may', async () => {
    const { eve, ops } = site;
    const profile = `/profile/${encodeURIComponent(eve.id)}/displayname`;
    await eve.call('PUT', profile, { displayname: 'ben' });
    const reaction = await eve.reacts(ops, open.question.event_id, '👍️');
    const because = expect.stringMatching(/^nobody in people\.yaml has/);
    expect(await onRecord(reaction)).toMatchObject({ ...by(eve), because });
    expect(await onRecord(reaction)).not.toHaveProperty('person');
  });

  it('is a reaction to a message that only quotes the question', async () => {
    const { ben, ops } = site;
    const quote = await ben.replies(ops, open.question.event_id, 'shall we?');
    const reaction = await ben.reacts(ops, quote, '👍');
    const because = `that message only quotes what ${open.op} asks`;
    expect(await onRecord(reaction)).toMatchObject({ ...by(ben, 'ben'), typed: '👍', because });
    await hears(new RegExp(`ben: ${because}`));
  });

  it('is an edit that makes a command of an old message', async () => {
    const { ana, ops } = site;
    const old = await ana.says(ops, 'good morning');
    const edit = await ana.edits(ops, old, '!reimage builder-09');
    const because = 'a message that was edited is no command';
    const typed = 'reimage builder-09';
    expect(await onRecord(edit)).toMatchObject({ ...by(ana, 'ana'), typed, because });
    await hears(/ana: a message that was edited is no command\. Type it as a new one\./);
  });

  it('is a reaction to a request that was denied', async () => {
    const { ben, ops } = site;
    const { op, question } = await site.asked('builder-10');
    await ben.reacts(ops, question.event_id, '👎');
    await eventually(async () => (await site.kinds(op)).includes('ended'));
    const reaction = await ben.reacts(ops, question.event_id, '👍');
    const because = expect.stringMatching(`${op} does not wait for approval: it has ended`);
    expect(await onRecord(reaction)).toMatchObject({ ...by(ben, 'ben'), because });
    expect(await site.kinds(op)).not.toContain('approved');
  });

  it('is an answer to a question that another one has taken the place of', async () => {
    const { ana, ben, cyd, fleet, ops } = site;
    fleet.world().faults.set('builder-11', 'prepare', 9);
    const { op, question } = await site.asked('builder-11');
    await ben.reacts(ops, question.event_id, '👍');
    await cyd.reacts(ops, question.event_id, '👍');
    const first = await asksAgain(op, 1);
    await ana.reacts(ops, first, '🔁');
    await asksAgain(op, 2);
    const reaction = await ben.reacts(ops, first, '🔁');
    const because = expect.stringMatching(`^${op} asks something else by now: `);
    expect(await onRecord(reaction)).toMatchObject({ ...by(ben, 'ben'), typed: '🔁', because });
    const answers = (await site.kinds(op)).filter((kind) => kind === 'answered');
    expect(answers).toHaveLength(1);
  });

  it('is that an approval is taken back when the operation has begun; before, it is taken back', async () => {
    const { ben, cyd, ops } = site;
    const { op, question } = await site.asked('builder-12');
    const approves = (who: Person) => who.reacts(ops, question.event_id, '👍');
    const first = await approves(ben);
    await hears(new RegExp(`${op} approved by ben, 1 of 2`));
    const before = await ben.redacts(ops, first);
    await hears(/approval taken back by ben/);
    const second = await approves(ben);
    await approves(cyd);
    await eventually(async () => (await site.kinds(op)).includes('step-started'));
    const tooLate = await ben.redacts(ops, second);
    const because = expect.stringMatching(`^it is too late to take that approval back: ${op} `);
    expect(await onRecord(tooLate)).toMatchObject({ ...by(ben, 'ben'), because });
    const decided = ['approved', 'withdrawn'];
    expect((await site.kinds(op)).filter((kind) => decided.includes(kind))).toEqual([
      'approved',
      'withdrawn',
      'approved',
      'approved',
    ]);
    expect((await site.refused()).map(({ message }) => message)).not.toContain(before);
  });
});

describe('after a bot that died, when the homeserver tells everything once more', () => {
  let deedsBefore: readonly unknown[];
  let refusedBefore: readonly Refused[];
  beforeAll(async () => {
    const { ben, ops, place } = site;
    await isCaughtUp();
    [deedsBefore, refusedBefore] = [await deeds(), await site.refused()];
    await bot.kill();
    const reaction = await ben.reacts(ops, open.question.event_id, '👍');
    await ben.redacts(ops, reaction);
    if (begin === undefined) throw new Error('the homeserver had told nothing');
    await place.keep(begin);
    await site.startBot();
    await isCaughtUp();
  });

  it('nothing is done twice, nor is a reaction counted that was taken back meanwhile', async () => {
    expect(deedsBefore.length).toBeGreaterThan(10);
    expect(await deeds()).toEqual(deedsBefore);
  });

  it('nothing is refused twice', async () => {
    expect(refusedBefore.length).toBeGreaterThan(8);
    expect(await site.refused()).toEqual(refusedBefore);
  });
});

/** What people have done to operations. */
async function deeds(): Promise<readonly unknown[]> {
  const refs = await site.journal.recent(20);
  const journals = await Promise.all(refs.map((ref) => site.journal.read(ref)));
  return journals.flat().filter(({ source }) => source !== undefined);
}

/** The nth question about the failure of an operation. */
async function asksAgain(op: string, nth: number): Promise<string> {
  let questions: readonly SeenEvent[] = [];
  await eventually(
    async () => {
      questions = (await site.ana.seen(site.ops)).filter((event) => asksAbout(event, op));
      return questions.length >= nth;
    },
    PATIENCE_MS,
    () => `${nth} questions of ${op}`,
  );
  return questions[nth - 1]?.event_id ?? '';
}

/** Only a question tells people's clients; the card is edited. */
function asksAbout({ content }: SeenEvent, op: string): boolean {
  const { body = '', msgtype } = content;
  return msgtype === 'm.text' && body.includes(`${op} `) && /FAILED/.test(body);
}

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelsIn } from '../../slack/block-schema.ts';
import type { SlackMessage } from '../../slack/workspace.ts';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';
import { type AfternoonSite, startAfternoon } from './afternoon-site.ts';
import { asked, onSlack } from './asked.ts';
import { seenOnMatrix } from './seen-on-matrix.ts';
import { transcripts } from './transcripts.ts';

const HOST = 'builder-08';
const fixture = (network: string) =>
  fileURLToPath(new URL(`../../fixtures/transcripts/afternoon-on-${network}.txt`, import.meta.url));

let site: AfternoonSite;
beforeAll(async () => {
  site = await startAfternoon();
});
afterAll(() => site?.close());

describe('an afternoon on three networks', () => {
  it('asks on IRC, approves by a reaction on Matrix, follows and answers on Slack, and reads well on each', async () => {
    const { fleet, onIrc, onMatrix, onSlack: people, slack, slackOps, room, journal } = site;
    fleet.world().faults.set(HOST, 'prepare', 9);
    const { question } = await asked(site, HOST);
    await onMatrix.ben.reacts(room, question, '👍');
    const failed = await failedOnSlack();
    const rollback = labelsIn(failed.blocks).findIndex((label) => label.includes('rollback'));
    await slack.presses(people.cyd, slackOps, failed, rollback);
    await onIrc.onlooker.hears(/ROLLED BACK in/);
    await onIrc.onlooker.hears(/asked by ana/);
    await eventually(async () => isToldOf(await seenOnMatrix(onMatrix.cyd, room)));
    await eventually(
      () => isToldOf(slackOps.messages.map(({ text: body }) => ({ body }))),
      PATIENCE_MS,
    );

    const [ref] = await journal.recent(1);
    const entries = ref ? await journal.read(ref) : [];
    const done = entries.map(
      ({ by, source, event }) => `${event.kind} by ${by} on ${source?.network}`,
    );
    expect(done).toEqual(
      expect.arrayContaining([
        'requested by ana on irc',
        'approved by ben on matrix',
        'answered by cyd on slack',
      ]),
    );
    const seen = await transcripts(site);
    for (const [network, lines] of Object.entries(seen)) {
      if (process.env.RECORD === 'yes') await writeFile(fixture(network), `${lines.join('\n')}\n`);
      const recorded = (await readFile(fixture(network), 'utf8')).trimEnd().split('\n');
      expect(lines).toEqual(recorded);
    }
  });
});

describe('on three networks, nothing comes of', () => {
  let request: string;
  let failed: SlackMessage;

  beforeAll(async () => {
    site.fleet.world().faults.clear(HOST);
    failed = await failedOnSlack();
    ({ question: request } = await asked(site, 'builder-09'));
  });

  it('an approval by who asked, from another network than they asked on', async () => {
    const { onMatrix, room } = site;
    await onMatrix.ana.reacts(room, request, '👍');
    await onMatrix.cyd.hears(room, /nobody approves their own request/);
    expect(await refusedAs('ana on matrix')).toMatch(/own request/);
  });

  it('an approval by somebody who copied the name of one who may', async () => {
    const { onMatrix, room, synapse } = site;
    const mallory = await synapse.register('mallory');
    await onMatrix.ana.call('POST', `/rooms/${encodeURIComponent(room)}/invite`, {
      user_id: mallory.id,
    });
    await mallory.joins(room);
    const name = `/profile/${encodeURIComponent(mallory.id)}/displayname`;
    await mallory.call('PUT', name, { displayname: 'ben' });
    await mallory.reacts(room, request, '👍');
    expect(await refusedAs('@mallory:ops.test on matrix')).toMatch(/^nobody in people\.yaml has/);
  });

  it('a second press of a button, or a reaction to the same question elsewhere', async () => {
    const { onSlack: people, slack, slackOps, onMatrix, room } = site;
    await slack.presses(people.ben, slackOps, failed, 0);
    expect(await refusedAs('ben on slack')).toMatch(/asks nothing: it has ended/);
    const question = (await seenOnMatrix(onMatrix.cyd, room)).find(({ body }) =>
      /FAILED.*\n/.test(body),
    );
    await onMatrix.ben.reacts(room, question?.id ?? '', '🔁');
    expect(await refusedAs('ben on matrix')).toMatch(/asks nothing: it has ended/);
  });

  it('a message of another app, and an old one that was edited into a command', async () => {
    const { slack, slackOps, onMatrix, room, journal } = site;
    const before = await journal.recent(10);
    await slack.botSays(slackOps, '!reimage builder-10');
    const said = await onMatrix.ben.says(room, 'good afternoon');
    await onMatrix.ben.edits(room, said, '!reimage builder-10');
    const last = await onMatrix.ben.says(room, '!whoami');
    await onMatrix.cyd.hears(room, /ben.*sysadmin-builders/);
    expect(last).toMatch(/^\$/);
    expect(await journal.recent(10)).toEqual(before);
  });

  it('any of it for the request, which somebody else still approves', async () => {
    const { onMatrix, onIrc, room } = site;
    await onMatrix.cyd.reacts(room, request, '👍');
    await onIrc.onlooker.hears(/approved by cyd/);
  });
});

function failedOnSlack(): Promise<SlackMessage> {
  return onSlack(
    site,
    (message) => /FAILED/.test(message.text) && labelsIn(message.blocks).length > 0,
  );
}

/** Why somebody was told no, by the newest entry of the audit, once it is theirs. */
async function refusedAs(who: string): Promise<string> {
  let newest = await site.newestRefusal();
  await eventually(
    async () => {
      newest = await site.newestRefusal();
      return (
        newest !== undefined && `${newest.person ?? newest.account} on ${newest.network}` === who
      );
    },
    PATIENCE_MS,
    () => `${who} in ${JSON.stringify(newest)}`,
  );
  return newest?.because ?? '';
}

/** Its card says how it ended, and so does a message of its own. */
function isToldOf(messages: readonly { readonly body: string }[]): boolean {
  return messages.filter(({ body }) => body.includes('ROLLED BACK in')).length === 2;
}

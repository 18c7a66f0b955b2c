import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates } from '../irc/certificates.ts';
import { type Asked, type MatrixSite, startMatrixSite } from './matrix-site.ts';
import type { Person } from './person.ts';
import { type Synapse, startFederating } from './synapse.ts';

const folder = mkdtempSync(join(tmpdir(), 'signalbox-federation-'));
let elsewhere: Synapse;
let site: MatrixSite;
/** Of the other homeserver, with the names of people of ours. */
let ana: Person;
let ben: Person;
let open: Asked;

beforeAll(async () => {
  const certificates = makeCertificates(folder);
  const [here, there] = await Promise.all([
    startFederating(certificates),
    startFederating(certificates),
  ]);
  elsewhere = there;
  site = await startMatrixSite({ synapse: here });
  [ana, ben] = [await elsewhere.register('ana'), await elsewhere.register('ben')];
  for (const stranger of [ana, ben]) {
    await site.ana.invites(site.ops, stranger.id);
    await stranger.joins(site.ops);
  }
  await site.startBot();
  open = await site.asked('builder-08');
});
afterAll(async () => {
  await site?.close();
  await elsewhere?.close();
  await rm(folder, { recursive: true });
});

const onRecord = (message: string) => site.onRecord((one) => one.message === message);

/** Nobody whom the directory could know, with the whole of their user id. */
const refusedAs = ({ id }: Person, message: string, typed: string) => ({
  network: 'matrix',
  channel: `#ops:${site.synapse.serverName}`,
  message,
  shown: id,
  typed,
  because: `your homeserver ${elsewhere.serverName} does not count here`,
});

describe('somebody of another homeserver, with the local part of an operator', () => {
  it('types a command: nothing comes of it, they are told why, and it is on record', async () => {
    const { journal, ops, synapse } = site;
    const before = await journal.recent(10);
    const command = await ana.says(ops, '!reimage builder-09');
    await ana.hears(ops, new RegExp(`^${ana.id}: .* Use an account of ${synapse.serverName}`));
    expect(await onRecord(command)).toEqual(refusedAs(ana, command, 'reimage builder-09'));
    expect(await journal.recent(10)).toEqual(before);
  });

  it('reacts to a request: it is refused, and counts beside it for whom the name belongs to', async () => {
    const { ops, kinds } = site;
    const { op, question } = open;
    await ben.hears(ops, new RegExp(`${op}.*needs 1 approval`));
    const reaction = await ben.reacts(ops, question.event_id, '👍');
    expect(await onRecord(reaction)).toEqual(refusedAs(ben, reaction, '👍'));
    expect(await kinds(op)).not.toContain('approved');
    await site.ben.reacts(ops, question.event_id, '👍');
    await ben.hears(ops, new RegExp(`${op} approved by ben`));
    expect(await kinds(op)).toContain('approved');
  });
});

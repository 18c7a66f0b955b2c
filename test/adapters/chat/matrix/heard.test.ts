import { describe, expect, it } from 'vitest';
import { hearEvent } from '../../../../src/adapters/chat/matrix/heard.ts';
import { readEvents } from '../../../../src/adapters/chat/matrix/room-event.ts';

const NOW = 1_800_000_000_000;
const BOT = '@signalbox:ops.test';

function heard(event: object) {
  const whole = {
    event_id: '$e',
    type: 'm.room.message',
    sender: '@ana:ops.test',
    origin_server_ts: NOW - 60_000,
    content: {},
    ...event,
  };
  return readEvents([whole]).map((one) =>
    hearEvent(one, { room: '!ops', ownId: BOT, now: NOW }),
  )[0];
}

const said = (body: unknown, more: object = {}) => ({
  content: { msgtype: 'm.text', body, ...more },
});
const relation = (more: object) => ({ 'm.relates_to': more });

describe('what somebody says in a room', () => {
  it('is their text, and when by our clock', () => {
    expect(heard(said('!status'))).toEqual({
      kind: 'message',
      id: '$e',
      room: '!ops',
      sender: '@ana:ops.test',
      sentAt: NOW - 60_000,
      text: '!status',
      edited: false,
    });
    const late = heard({ ...said('!status'), unsigned: { age: 5_000 }, origin_server_ts: 1 });
    expect(late?.sentAt).toBe(NOW - 5_000);
  });

  it('is without what older clients quote above it', () => {
    const reply = relation({ 'm.in_reply_to': { event_id: '$q' } });
    const quoted = '> <@ben:ops.test> !reimage builder-07\n> really\n\n!status';
    expect(heard(said(quoted, reply))).toMatchObject({ text: '!status', replyTo: '$q' });
    // Who quotes by hand says just that.
    expect(heard(said(quoted))).toMatchObject({ text: quoted });
  });

  it('says in which thread it stands', () => {
    const inThread = relation({ rel_type: 'm.thread', event_id: '$root' });
    expect(heard(said('!log', inThread))).toMatchObject({ thread: '$root' });
  });

  it('is known as an edit, with the new text', () => {
    const edit = {
      ...relation({ rel_type: 'm.replace', event_id: '$old' }),
      'm.new_content': { msgtype: 'm.text', body: '!reimage builder-07' },
    };
    expect(heard(said('* !reimage builder-07', edit))).toMatchObject({
      edited: true,
      text: '!reimage builder-07',
    });
  });

  it.each([
    ['our own words', { ...said('!status'), sender: BOT }],
    ['a notice, in which bots talk', { content: { msgtype: 'm.notice', body: '!status' } }],
    ['a picture', { content: { msgtype: 'm.image', body: '!status', url: 'mxc://x/y' } }],
    ['what was deleted since', { content: {} }],
    ['a text that is none', said(['!status'])],
    ['an edit without a new text', said('!x', relation({ rel_type: 'm.replace', event_id: '$o' }))],
    ['something encrypted', { type: 'm.room.encrypted', content: { body: '!status' } }],
    ['a state', { ...said('!status'), state_key: '' }],
  ])('is nothing for us where it is %s', (_what, event) => {
    expect(heard(event)).toBeUndefined();
  });
});

describe('a reaction', () => {
  const reaction = (more: object) => ({
    type: 'm.reaction',
    content: relation({ rel_type: 'm.annotation', event_id: '$q', key: '👍', ...more }),
  });

  it.each(['👍', '👍️', '👍🏽'])('is the same written as %s', (key) => {
    expect(heard(reaction({ key }))).toMatchObject({ kind: 'reaction', on: '$q', emoji: '👍' });
  });

  it.each([
    ['of ours', { ...reaction({}), sender: BOT }],
    ['that was taken back', { type: 'm.reaction', content: {} }],
    ['of another relation', reaction({ rel_type: 'm.reference' })],
    ['without a sign', reaction({ key: 7 })],
  ])('does not count %s', (_what, event) => {
    expect(heard(event)).toBeUndefined();
  });

  it('is taken back where old rooms say it and where new ones do', () => {
    const type = 'm.room.redaction';
    const taken = { kind: 'redaction', redacts: '$r', sender: '@ana:ops.test' };
    expect(heard({ type, redacts: '$r' })).toMatchObject(taken);
    expect(heard({ type, content: { redacts: '$r' } })).toMatchObject(taken);
    expect(heard({ type })).toBeUndefined();
  });
});

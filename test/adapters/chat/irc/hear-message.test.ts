import type { PrivmsgEvent } from 'irc-framework';
import { describe, expect, it } from 'vitest';
import { hearMessage, type Surroundings } from '../../../../src/adapters/chat/irc/hear-message.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

function around(more: Partial<Surroundings> = {}): Surroundings {
  return {
    ownNick: 'signalbox',
    vouches: true,
    channels: ['#ops', '#farm'],
    isSame: (one, other) => one.toLowerCase() === other.toLowerCase(),
    now: NOW,
    toOurClock: (time) => time,
    newId: () => 'own-1',
    ...more,
  };
}

function privmsg(more: Partial<PrivmsgEvent> = {}): PrivmsgEvent {
  const tags = { account: 'ana', msgid: 'm1', ...more.tags };
  const base = { nick: 'ana', hostname: 'h', target: '#ops', message: '!status' };
  return { ...base, ...more, tags };
}

describe('who sent a message', () => {
  it('is the account on the message, whatever the nick is', () => {
    const said = hearMessage(privmsg({ nick: 'kim', tags: { account: 'ana' } }), around());
    expect(said?.sender).toEqual({ id: 'ana', shown: 'kim' });
  });

  it.each([
    ['no account', { account: '' }],
    ['an asterisk for an account', { account: '*' }],
    [
      'an account and the name of somebody else, from a bridge',
      { account: 'bridge', 'draft/relaymsg': 'bridge' },
    ],
  ])('is nobody with %s, and they are told why', (_, tags) => {
    const said = hearMessage(privmsg({ tags }), around());
    expect(said?.sender).toMatchObject({ id: undefined, shown: 'ana' });
    expect(said?.sender.unknown?.because).toContain('a nick proves nothing');
  });

  it('is nobody where the server does not put accounts on messages, even if one stands there', () => {
    const said = hearMessage(privmsg(), around({ vouches: false }));
    expect(said?.sender.id).toBeUndefined();
    expect(said?.sender.unknown?.because).toContain('account-tag');
  });

  it('is the bot that relays, not the name that it shows', () => {
    const said = hearMessage(
      privmsg({ nick: 'bridge', message: '<ana> !status', tags: { account: 'bridge' } }),
      around(),
    );
    expect(said).toMatchObject({ sender: { id: 'bridge' }, text: '<ana> !status' });
  });
});

describe('a message', () => {
  it('stands in the channel as the configuration writes it, by the id that the server gave', () => {
    expect(hearMessage(privmsg({ target: '#OPS' }), around())?.ref).toEqual({
      channel: '#ops',
      id: 'm1',
    });
  });

  it('has an id of our own where the server gives none', () => {
    const { tags, ...rest } = privmsg();
    const said = hearMessage({ ...rest, tags: { account: 'ana' } }, around());
    expect([tags.msgid, said?.ref.id]).toEqual(['m1', 'own-1']);
  });

  it('that is private is answered to its sender', () => {
    expect(hearMessage(privmsg({ target: 'Signalbox' }), around())?.ref.channel).toBe('ana');
  });

  it.each([
    ['our own echo', { nick: 'SignalBox' }],
    ['in a channel of which we know nothing', { target: '#elsewhere' }],
    ['for a part of a channel only', { group: '@' }],
    ['played back', { batch: { type: 'chathistory' } }],
    ['played back by a bouncer', { batch: { type: 'znc.in/playback' } }],
    ['of two minutes ago', { time: NOW - 120_000 }],
    ['of a server', { nick: 'irc.example.org', hostname: '' }],
  ])('is none for us if it is %s', (_, more) => {
    expect(hearMessage(privmsg(more), around())).toBeUndefined();
    expect(hearMessage(privmsg(), around())).toBeDefined();
  });

  it('of just now counts, also where the clock of the server is behind', () => {
    const toOurClock = (time: number) => time + 3_600_000;
    const said = hearMessage(privmsg({ time: NOW - 3_600_000 }), around({ toOurClock }));
    expect(said).toBeDefined();
  });

  it('loses what only decorates it, and keeps what could hide a part of it', () => {
    const text = (message: string) => hearMessage(privmsg({ message }), around())?.text;
    expect(text('\x02!status\x0F \x1Dbuilders\x1D')).toBe('!status builders');
    expect(text('!status \x0301,01builders')).toBe('!status \x0301,01builders');
  });
});

import type { IrcMessage } from 'irc-framework';
import { describe, expect, it } from 'vitest';
import { type Flight, outcomesOf } from '../../../../src/adapters/chat/irc/in-flight.ts';
import type { Entry } from '../../../../src/adapters/chat/irc/outbox.ts';

function flight(text: string, more: Partial<Flight> = {}): Flight {
  const base = { entry: {} as Entry, target: '#ops', label: `label of ${text}`, sentAt: 0 };
  return { ...base, text, askedAt: undefined, barrier: undefined, ...more };
}

function line(
  command: string,
  params: readonly string[],
  more: Partial<IrcMessage> = {},
): IrcMessage {
  return { command, params, tags: {}, nick: '', ident: '', hostname: '', ...more };
}

const hearing = { ownNick: 'signalbox', echoes: true, isSame: (a: string, b: string) => a === b };
const own = { nick: 'signalbox', hostname: 'h' };
const [one, two] = [flight('one'), flight('two')];

describe('what a server says about a line of ours', () => {
  it('is that it arrived, with its id, when it is echoed', () => {
    const echo = line('PRIVMSG', ['#ops', 'two'], { ...own, tags: { msgid: 'm2' } });
    expect(outcomesOf(echo, [one, two], hearing)).toEqual([
      { kind: 'arrived', flight: two, id: 'm2' },
    ]);
  });

  it('is about the line that had the label, whatever became of its text', () => {
    const echo = line('PRIVMSG', ['#ops', 'censored'], { ...own, tags: { label: 'label of two' } });
    expect(outcomesOf(echo, [one, two], hearing)).toMatchObject([{ kind: 'arrived', flight: two }]);
  });

  it('is nothing when somebody else says the same', () => {
    const other = line('PRIVMSG', ['#ops', 'one'], { nick: 'kim', hostname: 'h' });
    expect(outcomesOf(other, [one, two], hearing)).toEqual([]);
  });

  it('is a refusal when its target takes nothing', () => {
    const refusal = line('404', ['signalbox', '#ops', 'You cannot send messages to this channel']);
    expect(outcomesOf(refusal, [flight('x', { target: '#farm' }), one], hearing)).toEqual([
      { kind: 'refused', flight: one, because: 'You cannot send messages to this channel (404)' },
    ]);
  });

  it('is nothing when the refusal is about something else', () => {
    expect(outcomesOf(line('433', ['signalbox', 'other', 'taken']), [one], hearing)).toEqual([]);
  });

  it('is that all before a PING arrived, where the server echoes nothing', () => {
    const passed = flight('passed', { barrier: 'p1' });
    const later = flight('later');
    const silent = { ...hearing, echoes: false };
    const pong = line('PONG', ['irc.test', 'p1']);
    expect(outcomesOf(pong, [one, passed, later], silent)).toMatchObject([
      { kind: 'arrived', flight: one },
      { kind: 'arrived', flight: passed },
    ]);
    expect(outcomesOf(pong, [passed], hearing)).toMatchObject([{ kind: 'refused' }]);
  });
});

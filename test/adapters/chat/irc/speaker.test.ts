import type { IrcMessage } from 'irc-framework';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Link } from '../../../../src/adapters/chat/irc/link.ts';
import { createSpeaker, type SpeakerOptions } from '../../../../src/adapters/chat/irc/speaker.ts';
import type { Outgoing } from '../../../../src/bot/chat-network.ts';
import { OpId } from '../../../../src/domain/ids.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const PACE = { burst: 4, everyMs: 2_000 };

/** A server that tells of what arrived only when the test says so. */
function world(more: Partial<SpeakerOptions> = {}, capabilities = ['echo-message']) {
  const sent: string[] = [];
  const log: string[] = [];
  const closed = new Set<string>();
  let count = 0;
  const speaker = createSpeaker({
    pace: PACE,
    log: (line) => void log.push(line),
    newId: () => `own-${++count}`,
    isOpen: (channel) => !closed.has(channel),
    isChannel: (target) => target.startsWith('#'),
    now: () => performance.now(),
    ...more,
  });
  const link = {
    nick: 'signalbox',
    mask: { nick: 'signalbox', user: 'u', host: 'h' },
    can: (capability: string) => capabilities.includes(capability),
    isSame: (a: string, b: string) => a === b,
    write: (line: string) => void sent.push(line),
  } as Partial<Link> as Link;
  const hear = (command: string, params: readonly string[], tags = {}) =>
    speaker.hear({
      command,
      params,
      tags,
      nick: 'signalbox',
      ident: 'u',
      hostname: 'h',
    } as IrcMessage);
  const textOf = (line: string) => line.replace(/^PRIVMSG \S+ :/, '');
  return {
    speaker,
    link,
    /** Long enough ago for the server to have forgotten the login. */
    async connected() {
      speaker.connected(link);
      await vi.advanceTimersByTimeAsync(10_000);
    },
    sent,
    log,
    closed,
    hear,
    texts: () => sent.filter((line) => line.startsWith('PRIVMSG')).map(textOf),
    /** The server passes on everything that it got, and lets time pass until there is nothing more. */
    async deliver(forMs = 60_000) {
      let echoed = 0;
      for (let passed = 0; passed < forMs; passed += 100) {
        for (; echoed < sent.length; echoed += 1) {
          const [, target = '', text = ''] = /^PRIVMSG (\S+) :(.*)$/.exec(sent[echoed] ?? '') ?? [];
          if (target) hear('PRIVMSG', [target, text], { msgid: `m-${text}` });
        }
        await vi.advanceTimersByTimeAsync(100);
      }
    },
  };
}

const A = { op: OpId.parse('op-7k2m') };
const B = { op: OpId.parse('op-8q3n') };

let keys = 0;
function message(text: string, more: Partial<Outgoing> = {}): Outgoing {
  return { channel: '#ops', key: `k${++keys}`, as: 'notice', lines: [text], ...more };
}

describe('what is said', () => {
  it('counts as said when the server has passed it on, by the id that it got', async () => {
    const { speaker, link, hear, sent } = world();
    speaker.connected(link);
    const settled = vi.fn();
    const said = speaker.say(message('hello')).then(settled);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([sent, settled.mock.calls]).toEqual([['PRIVMSG #ops :hello'], []]);
    hear('PRIVMSG', ['#ops', 'hello'], { msgid: 'm1' });
    await said;
    expect(settled.mock.calls).toEqual([[{ channel: '#ops', id: 'm1' }]]);
  });

  it('is never more than the server bears, and little at first', async () => {
    const { speaker, sent, connected, deliver } = world();
    await connected();
    void speaker.say(message('', { lines: Array.from({ length: 20 }, (_, n) => `line ${n}`) }));
    await deliver(10_000);
    expect(sent.length).toBeGreaterThanOrEqual(8);
    expect(sent.length).toBeLessThanOrEqual(4 + 5);
    await deliver(40_000);
    expect(sent.length).toBe(20);
  });

  it.each([
    ['echoes', ['echo-message']],
    ['only answers a PING', []],
  ])('does not become more by the time in which a server that %s said nothing', async (_, can) => {
    const { speaker, sent, connected, hear } = world({}, can);
    await connected();
    void speaker.say(message('', { lines: Array.from({ length: 20 }, (_, n) => `line ${n}`) }));
    await vi.advanceTimersByTimeAsync(60_000);
    const lines = () => sent.filter((line) => line.startsWith('PRIVMSG')).length;
    const before = lines();
    for (let n = 0; n < before; n += 1) hear('PRIVMSG', ['#ops', `line ${n}`]);
    for (const line of sent) if (line.startsWith('PING')) hear('PONG', ['irc.test', line.slice(5)]);
    await vi.advanceTimersByTimeAsync(100);
    expect(lines() - before).toBeLessThanOrEqual(1);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(lines()).toBeGreaterThan(before);
  });

  it('is said again after the connection was lost if it did not arrive, and from that line on', async () => {
    const { speaker, link, connected, hear, texts } = world();
    await connected();
    const said = speaker.say(message('', { lines: ['one', 'two', 'three'] }));
    hear('PRIVMSG', ['#ops', 'one'], { msgid: 'm1' });
    speaker.disconnected();
    await vi.advanceTimersByTimeAsync(3_000);
    speaker.connected(link);
    expect(texts()).toEqual(['one', 'two', 'three', 'two']);
    hear('PRIVMSG', ['#ops', 'two']);
    await vi.advanceTimersByTimeAsync(2_000);
    hear('PRIVMSG', ['#ops', 'three']);
    expect(await said).toEqual({ channel: '#ops', id: 'm1' });
    expect(texts()).toEqual(['one', 'two', 'three', 'two', 'three']);
  });

  it('fails while there is no connection for longer, and what arrived is not said again when it is asked for again', async () => {
    const { speaker, link, connected, hear, texts } = world();
    await connected();
    const asked = message('', { lines: ['one', 'two'] });
    const said = speaker.say(asked);
    hear('PRIVMSG', ['#ops', 'one'], { msgid: 'm1' });
    speaker.disconnected();
    const failed = expect(said).rejects.toMatchObject({ code: 'irc.away', effect: 'unknown' });
    await vi.advanceTimersByTimeAsync(6_000);
    await failed;
    await expect(speaker.say(asked)).rejects.toMatchObject({ code: 'irc.away' });
    speaker.connected(link);
    const again = speaker.say(asked);
    hear('PRIVMSG', ['#ops', 'two']);
    expect(await again).toEqual({ channel: '#ops', id: 'm1' });
    expect(texts()).toEqual(['one', 'two', 'two']);
  });

  it('waits while we are not in the channel, and other channels do not', async () => {
    const { speaker, link, closed, texts, deliver } = world();
    closed.add('#farm');
    speaker.connected(link);
    void speaker.say(message('for the farm', { channel: '#farm' }));
    void speaker.say(message('for operators'));
    await deliver(5_000);
    expect(texts()).toEqual(['for operators']);
    closed.delete('#farm');
    speaker.wake();
    expect(texts()).toEqual(['for operators', 'for the farm']);
  });

  it('is tried again where it was refused, and left out after two minutes, so that others hear theirs', async () => {
    const { speaker, link, hear, log, texts } = world();
    speaker.connected(link);
    const settled = vi.fn();
    void speaker.say(message('one')).then(settled);
    for (let passed = 0; passed < 110_000; passed += 1_000) {
      hear('404', ['signalbox', '#ops', 'cannot send']);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(texts().length).toBeGreaterThan(10);
    expect(settled).not.toHaveBeenCalled();
    for (let passed = 0; passed < 20_000; passed += 1_000) {
      hear('404', ['signalbox', '#ops', 'cannot send']);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(settled).toHaveBeenCalledOnce();
    expect(log).toEqual([
      '#ops does not take what we say: cannot send (404)',
      'left out for #ops: one',
    ]);
  });

  it('is left out at once for somebody who is gone', async () => {
    const { speaker, link, hear } = world();
    speaker.connected(link);
    const said = speaker.say(message('hello', { channel: 'kim' }));
    hear('401', ['signalbox', 'kim', 'No such nick']);
    expect(await said).toEqual({ channel: 'kim', id: expect.stringMatching(/^own-/) });
  });

  it('counts as said after a PONG where the server echoes nothing', async () => {
    const { speaker, link, hear, sent } = world({}, []);
    speaker.connected(link);
    const said = speaker.say(message('hello'));
    const token = sent.at(-1)?.replace('PING ', '') ?? '';
    expect(sent).toEqual(['PRIVMSG #ops :hello', `PING ${token}`]);
    hear('PONG', ['irc.test', token]);
    await expect(said).resolves.toMatchObject({ channel: '#ops' });
  });

  it('is no success when the bot stops before', async () => {
    const { speaker } = world();
    const said = speaker.say(message('hello'));
    speaker.stop();
    await expect(said).rejects.toMatchObject({ code: 'irc.stopped', effect: 'unknown' });
  });
});

describe('what goes first', () => {
  it('is a question to people, then what happened, then answers, then progress', async () => {
    const { speaker, link, texts, deliver } = world();
    for (const as of ['progress', 'reply', 'notice', 'prompt'] as const) {
      void speaker.say(message(as, { as }));
    }
    speaker.connected(link);
    await deliver();
    expect(texts()).toEqual(['prompt', 'notice', 'reply', 'progress']);
  });

  it('is an answer before what happened, once it has waited long', async () => {
    const { speaker, link, closed, texts, deliver } = world();
    closed.add('#ops');
    speaker.connected(link);
    void speaker.say(message('old answer', { as: 'reply' }));
    await vi.advanceTimersByTimeAsync(20_000);
    void speaker.say(message('news'));
    closed.clear();
    await deliver();
    expect(texts()).toEqual(['old answer', 'news']);
  });

  it('is the word that we are back, before what waited for it', async () => {
    const { speaker, link, texts, deliver } = world();
    void speaker.say(message('older'));
    speaker.holdBack(true);
    speaker.connected(link);
    await deliver(1_000);
    expect(texts()).toEqual([]);
    void speaker.say(message('back'), { isFirst: true });
    speaker.holdBack(false);
    await deliver();
    expect(texts()).toEqual(['back', 'older']);
  });
});

describe('progress', () => {
  it('counts as said while it waits, and only the newest about an operation is', async () => {
    const { speaker, link, texts, deliver } = world();
    for (const step of [1, 2, 3]) {
      await speaker.say(message(`op-1 ${step}/3`, { as: 'progress', about: A }));
    }
    await speaker.say(message('op-2 1/9', { as: 'progress', about: B }));
    speaker.connected(link);
    await deliver();
    expect(texts()).toEqual(['op-1 3/3', 'op-2 1/9']);
  });

  it('goes when something else is said about the same', async () => {
    const { speaker, link, texts, deliver } = world();
    await speaker.say(message('op-1 2/3', { as: 'progress', about: A }));
    void speaker.say(message('op-1 DONE', { about: A }));
    speaker.connected(link);
    await deliver();
    expect(texts()).toEqual(['op-1 DONE']);
  });

  it('is not said minutes later', async () => {
    const { speaker, link, closed, texts, deliver } = world();
    closed.add('#ops');
    speaker.connected(link);
    await speaker.say(message('op-1 2/3', { as: 'progress', about: A }));
    await vi.advanceTimersByTimeAsync(180_000);
    closed.clear();
    await deliver();
    expect(texts()).toEqual([]);
  });
});

describe('a burst of answers', () => {
  const kim = { channel: '#ops', shown: 'kim' };
  const ben = { channel: '#ops', shown: 'ben' };

  it('is cut to a few, the rest is declined once, and nobody else waits for it', async () => {
    const { speaker, link, texts, deliver } = world();
    for (let n = 0; n < 200; n += 1) {
      void speaker.say(message(`kim: answer ${n}`, { as: 'reply' }), { asker: kim });
    }
    void speaker.say(message('ben: denied', { as: 'reply' }), { asker: ben });
    void speaker.say(message('op-1 asks', { as: 'prompt' }));
    speaker.connected(link);
    await deliver();
    expect(texts()).toEqual([
      'op-1 asks',
      'kim: answer 0',
      'kim: answer 1',
      'kim: answer 2',
      'kim: answer 3',
      'kim: answer 4',
      'kim: answer 5',
      'ben: denied',
      'kim: 194 more were not answered, since that is too many at once: ask again, one at a time',
    ]);
  });

  it('is none when one waits for the answer before', async () => {
    const { speaker, link, texts, deliver } = world();
    speaker.connected(link);
    for (let n = 0; n < 5; n += 1) {
      void speaker.say(message(`kim: answer ${n}`, { as: 'reply' }), { asker: kim });
      await deliver(5_000);
    }
    expect(new Set(texts()).size).toBe(5);
    expect(texts().join()).not.toContain('too many');
  });

  it('that is one long answer has an end', async () => {
    const { speaker, link, texts, deliver } = world();
    speaker.connected(link);
    const lines = Array.from({ length: 60 }, (_, n) => `host ${n}`);
    void speaker.say(message('', { as: 'reply', lines }), { asker: kim });
    await deliver();
    expect(texts()).toHaveLength(12);
    expect(texts().at(-1)).toBe('… and 49 lines more than a channel can bear');
  });
});

import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  type ConsoleOptions,
  consoleNetwork,
} from '../../../../src/adapters/chat/console/console-network.ts';
import type { Incoming, Outgoing } from '../../../../src/bot/chat-network.ts';
import { Failure } from '../../../../src/domain/failure.ts';

const channel = '#ops';
const COLUMNS = 60;
const say = (key: string, as: Outgoing['as'], ...lines: string[]) => ({ channel, key, as, lines });

/** A console with a person at it. */
async function sitDown(kind: 'pipe' | 'terminal', change: Partial<ConsoleOptions> = {}) {
  const isTTY = kind === 'terminal';
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY, columns: COLUMNS });
  const taken: Incoming[] = [];
  const person = { name: 'ana' };
  const network = consoleNetwork({
    input,
    output,
    channel,
    name: 'signalbox',
    speaker: () => ({ id: person.name, shown: person.name }),
    local: async (line) => {
      if (line.startsWith('/as ')) person.name = line.slice(4);
      return [`did ${line}`];
    },
    environment: { NO_COLOR: '1' },
    ...change,
  });
  await network.start(async (incoming) => {
    taken.push(incoming);
  });
  const raw = () => String(output.read() ?? '');
  const type = async (text: string) => {
    input.write(text);
    for (let i = 0; i < 5; i++) await turn();
  };
  return { network, input, taken, type, raw, screen: () => screenOf(raw()) };
}

/** What a terminal shows after these bytes, for the few sequences that are used. */
function screenOf(bytes: string): readonly string[] {
  const rows: string[][] = [[]];
  let row = 0;
  let column = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal is sent
  for (const [piece, count, order] of bytes.matchAll(/\x1b\[(\d*)([A-HJ])|[\s\S]/g)) {
    const by = Number(count || 1);
    if (order === 'A') row -= by;
    else if (order === 'B') row += by;
    else if (order === 'C') column += by;
    else if (order === 'D') column -= by;
    else if (order === 'G') column = by - 1;
    else if (order === 'J') {
      rows.length = row + 1;
      rows[row]?.splice(column);
    } else if (piece === '\r') column = 0;
    else if (piece === '\n') {
      row++;
      column = 0;
      while (rows.length <= row) rows.push([]);
    } else {
      if (column === COLUMNS) {
        row++;
        column = 0;
        rows[row] ??= [];
      }
      const cells = rows[row] ?? [];
      while (cells.length < column) cells.push(' ');
      cells[column++] = piece;
    }
  }
  return rows.map((cells) => cells.join('').trimEnd());
}

describe('the console in a pipe', () => {
  it('prints a message a line, with what follows indented under it', async () => {
    const { network, raw } = await sitDown('pipe');
    await network.post(say('a', 'card', 'op-7k2m reimage', 'no way back'));
    await network.post(say('b', 'progress', 'op-7k2m 2/8'));
    expect(raw()).toBe(
      '<signalbox> op-7k2m reimage\n            no way back\n<signalbox> op-7k2m 2/8\n',
    );
  });

  it('carries what is typed, with the person the terminal vouches for', async () => {
    const { taken, type } = await sitDown('pipe');
    await type('!ops\n');
    expect(taken).toMatchObject([
      { kind: 'message', text: '!ops', sender: { id: 'ana', shown: 'ana' }, ref: { channel } },
    ]);
  });

  it('gives each message an id of its own, also across consoles', async () => {
    const one = await sitDown('pipe');
    const other = await sitDown('pipe');
    await one.type('!ops\n!ops\n');
    await other.type('!ops\n');
    const ids = [...one.taken, ...other.taken].map(
      (incoming) => 'ref' in incoming && incoming.ref.id,
    );
    expect(new Set(ids).size).toBe(3);
  });

  it('says the same thing once, however often it is asked to', async () => {
    const { network, raw } = await sitDown('pipe');
    const first = await network.post(say('a', 'notice', 'hello'));
    expect(await network.post(say('a', 'notice', 'hello'))).toEqual(first);
    expect(raw()).toBe('<signalbox> hello\n');
  });

  it('prints no control character that somebody brought into a message', async () => {
    const { network, raw } = await sitDown('pipe');
    await network.post(say('a', 'notice', 'a\u001b[2Jb\rc'));
    expect(raw()).toBe('<signalbox> a [2Jb c\n');
  });

  it('lets a reaction go to the newest prompt and to nothing else', async () => {
    const { network, taken, type, raw } = await sitDown('pipe');
    await type('+👍\n');
    expect(raw()).toBe('There is nothing to react to yet.\n');
    await network.post(say('p1', 'prompt', 'first?'));
    const newest = await network.post(say('p2', 'prompt', 'second?'));
    await network.post(say('n', 'notice', 'by the way'));
    await type('+👍\n-👍\n');
    expect(taken).toMatchObject([
      { kind: 'reaction', on: newest, emoji: '👍', change: 'added' },
      { kind: 'reaction', on: newest, emoji: '👍', change: 'removed' },
    ]);
  });

  it('hands local commands to their handler and prints what it says', async () => {
    const { taken, type, raw } = await sitDown('pipe');
    await type('/as ben\n!ops\n');
    expect(raw()).toBe('did /as ben\n');
    expect(taken).toMatchObject([{ sender: { id: 'ben' } }]);
  });

  it('prints the failure of a local command and goes on', async () => {
    const failure = new Failure({
      code: 'lab.no-such-host',
      problem: 'builder-99 cannot be broken',
      because: 'there is no such host',
      effect: 'none',
      next: 'Name another.',
    });
    const { type, raw, taken } = await sitDown('pipe', { local: () => Promise.reject(failure) });
    await type('/lab fail\n!ops\n');
    expect(raw()).toBe('builder-99 cannot be broken: there is no such host. Name another.\n');
    expect(taken).toHaveLength(1);
  });

  it('takes one message after the other', async () => {
    const { network, type } = await sitDown('pipe');
    const gate = Promise.withResolvers<void>();
    const order: string[] = [];
    await network.stop();
    const input = Object.assign(new PassThrough(), { isTTY: false });
    const slow = consoleNetwork({
      input,
      output: new PassThrough(),
      channel,
      name: 'signalbox',
      speaker: () => ({ id: 'ana', shown: 'ana' }),
      local: async () => [],
    });
    await slow.start(async (incoming) => {
      const text = incoming.kind === 'message' ? incoming.text : '';
      order.push(`begin ${text}`);
      await gate.promise;
      order.push(`end ${text}`);
    });
    input.end('one\ntwo\n');
    await type('');
    expect(order).toEqual(['begin one']);
    gate.resolve();
    await slow.closed;
    expect(order).toEqual(['begin one', 'end one', 'begin two', 'end two']);
  });

  it('closes when its input ends, and when somebody quits', async () => {
    const ended = await sitDown('pipe');
    ended.input.end('!ops');
    await ended.network.closed;
    expect(ended.taken).toHaveLength(1);
    const quit = await sitDown('pipe');
    await quit.type('/quit\n');
    await quit.network.closed;
    expect(quit.raw()).toBe('did /quit\n');
  });

  it('is loud about a bug in what takes its messages', async () => {
    const input = Object.assign(new PassThrough(), { isTTY: false });
    const { speaker, local } = { speaker: () => ({ id: 'a', shown: 'a' }), local: async () => [] };
    const output = new PassThrough();
    const network = consoleNetwork({ input, output, channel, name: 'bot', speaker, local });
    await network.start(() => Promise.reject(new TypeError('a bug')));
    input.end('!ops\n');
    await expect(network.closed).rejects.toThrow('a bug');
  });
});

describe('the console at a terminal', () => {
  it('prompts with the person and the channel, also after somebody else took over', async () => {
    const { type, screen } = await sitDown('terminal');
    await type('/as ben\r');
    expect(screen()).toEqual(['ana@#ops> /as ben', 'did /as ben', 'ben@#ops>']);
  });

  it('prints above what is being typed and leaves it alone', async () => {
    const { network, type, screen, taken } = await sitDown('terminal');
    await type('!reim');
    await network.post(say('a', 'notice', 'hello'));
    await type('age builder-07\r');
    expect(taken).toMatchObject([{ text: '!reimage builder-07' }]);
    expect(screen()).toEqual(['<signalbox> hello', 'ana@#ops> !reimage builder-07', 'ana@#ops>']);
  });

  it('leaves alone what is longer than a row', async () => {
    const { network, type, screen } = await sitDown('terminal');
    const long = `!lock builder-07 ${'because '.repeat(8)}`;
    await type(long);
    await network.post(say('a', 'notice', 'hello'));
    expect(screen()).toEqual([
      '<signalbox> hello',
      'ana@#ops> !lock builder-07 because because because because b',
      'ecause because because because',
    ]);
  });

  it('redraws progress in place until something else is said about that operation', async () => {
    const { network, screen, raw } = await sitDown('terminal');
    const bytes = [raw()];
    const shown = () => {
      bytes.push(raw());
      return screenOf(bytes.join(''));
    };
    await network.post(say('op-7k2m entry 3', 'progress', 'op-7k2m 1/8 draining'));
    await network.post(say('op-9abc entry 3', 'progress', 'op-9abc 1/8 draining'));
    await network.post(say('op-7k2m entry 4', 'progress', 'op-7k2m 2/8 waiting'));
    expect(shown()).toEqual(['op-7k2m 2/8 waiting', 'op-9abc 1/8 draining', 'ana@#ops>']);
    await network.post(say('x', 'notice', 'something else'));
    expect(shown()).toEqual([
      '<signalbox> something else',
      'op-7k2m 2/8 waiting',
      'op-9abc 1/8 draining',
      'ana@#ops>',
    ]);
    await network.post(say('op-7k2m entry 9', 'notice', 'op-7k2m DONE'));
    expect(shown().slice(1)).toEqual([
      '<signalbox> op-7k2m DONE',
      'op-9abc 1/8 draining',
      'ana@#ops>',
    ]);
    expect(screen()).toEqual(['']);
  });

  it('clips progress to one row', async () => {
    const { network, screen } = await sitDown('terminal');
    await network.post(say('op-7k2m entry 3', 'progress', `op-7k2m 1/8 ${'x'.repeat(90)}`));
    const [line, prompt] = screen();
    expect(line).toMatch(/^op-7k2m 1\/8 x+…$/);
    expect(line?.length).toBeLessThan(60);
    expect(prompt).toBe('ana@#ops>');
  });

  it('colours at a terminal unless NO_COLOR is set', async () => {
    const coloured = await sitDown('terminal', { environment: {} });
    coloured.raw();
    await coloured.network.post(say('a', 'prompt', 'sure?'));
    const bytes = coloured.raw();
    expect(bytes).toContain('\u001b[33m<signalbox>\u001b[39m sure?');
    expect(stripVTControlCharacters(bytes)).toContain('<signalbox> sure?');
    const plain = await sitDown('terminal');
    await plain.network.post(say('a', 'prompt', 'sure?'));
    expect(plain.raw()).not.toContain('\u001b[33m');
  });

  it('completes the end of a line with the tab key', async () => {
    const complete = (line: string) => ({
      start: line.lastIndexOf(' ') + 1,
      candidates: ['@builders'],
    });
    const { type, taken } = await sitDown('terminal', { complete });
    await type('!status @bu');
    await type('\t');
    await type('\r');
    expect(taken).toMatchObject([{ text: '!status @builders' }]);
  });

  it('goes on when nothing can be completed', async () => {
    const complete = () => Promise.reject(new Error('the store is away'));
    const { type, taken } = await sitDown('terminal', { complete });
    await type('!sta');
    await type('\t');
    await type('tus\r');
    expect(taken).toMatchObject([{ text: '!status' }]);
  });

  it('keeps what was typed in a file that only its owner reads', async () => {
    const historyFile = join(mkdtempSync(join(tmpdir(), 'console-')), 'var', 'history');
    const first = await sitDown('terminal', { historyFile });
    await first.type('!ops\r');
    await first.type('!locks\r');
    expect(readFileSync(historyFile, 'utf8')).toBe('!ops\n!locks\n');
    expect(statSync(historyFile).mode & 0o777).toBe(0o600);
    const second = await sitDown('terminal', { historyFile });
    await second.type('\u001b[A');
    await second.type('\u001b[A');
    await second.type('\r');
    expect(second.taken).toMatchObject([{ text: '!ops' }]);
  });

  it('closes a history that was readable by others', async () => {
    const historyFile = join(mkdtempSync(join(tmpdir(), 'console-')), 'history');
    writeFileSync(historyFile, '!ops\n', { mode: 0o644 });
    const { type } = await sitDown('terminal', { historyFile });
    await type('!locks\r');
    expect(statSync(historyFile).mode & 0o777).toBe(0o600);
  });
});

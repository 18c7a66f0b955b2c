import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import consoleStream from '../../../src/adapters/infra/console-stream.ts';
import { consoleLines } from '../../../src/jobs/console/console-lines.ts';
import type { ConsoleLog } from '../../../src/jobs/ports/console-log.ts';
import { until } from '../../until.ts';
import { type ConsoleSite, consoleSite, forTheTest, GUEST, type READER } from './console-site.ts';

/** Prints what is appended to a file, until there is one named like it with `.off`, which it takes away; wants a terminal. */
const SERIAL = `test -t 0 && test -t 1 || { echo "no terminal"; exit 2; }
echo "[SOL Session operational] $2"
tail -n +1 -f "$1" & tail=$!
while ! [ -e "$1.off" ]; do
  if read -t 1 -r typed 2>/dev/null; then echo "typed: $typed"; fi
  sleep 0.05
done
rm "$1.off"; kill "$tail"; exit 7`;

describe('a console that a command prints, captured behind real SSH', () => {
  let site: ConsoleSite;
  let console: ConsoleLog;
  let wire: string;
  let op: typeof READER.op;
  let count = 0;

  beforeAll(async () => {
    site = await consoleSite();
  });
  afterAll(() => site.stop());
  beforeEach(() => {
    count += 1;
    wire = join(site.folder, `wire ${count}`);
    op = `op-${count}x2m` as typeof op;
    writeFileSync(wire, '');
    console = site.console(consoleStream, {
      on: 'vhost-01',
      command: ['bash', '-c', SERIAL, 'serial', wire, '{host} at {bmc}'],
      folder: join(site.folder, 'captures'),
    });
  });
  afterEach(() => console.close(GUEST, reader(), forTheTest()));

  const reader = (epoch = 1) => ({ op, epoch });
  const end = (epoch = 1) => console.end(GUEST, reader(epoch), forTheTest());
  const read = (from: string, epoch = 1) => console.read(GUEST, from, reader(epoch), forTheTest());
  const captured = () => {
    const file = join(site.folder, 'captures', `${op}.${GUEST}.log`);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };

  /** How often the command was started. */
  const starts = () => captured().match(/operational/g)?.length ?? 0;

  /** Everything that is read until something is so, over as many looks as it takes. */
  async function readUntil(from: string, isSo: (text: string) => boolean) {
    let cursor = from;
    let text = '';
    const remarks: string[] = [];
    await until(async () => {
      const part = await read(cursor);
      cursor = part.next;
      text += part.text;
      if (part.remark !== undefined) remarks.push(part.remark);
      return isSo(text);
    });
    return { cursor, text, remarks };
  }

  it('is on a terminal of its own, and goes on while nobody looks', async () => {
    const begin = await end();
    await until(() => starts() === 1);
    appendFileSync(wire, 'Kernel panic - not syncing: x\n');
    const { text } = await readUntil(begin, (all) => all.includes('panic'));
    const { lines } = consoleLines('', text);
    expect(lines).toContain('Kernel panic - not syncing: x');
    expect(lines).not.toContain('no terminal');
    expect(text).not.toContain('typed');
    expect(text).not.toContain('while');
    expect(captured()).toContain('[SOL Session operational] builder-07 at 127.0.0.1');
  });

  it('runs once, whoever asks for it, and refuses a worker that was replaced', async () => {
    const begin = await end();
    await until(() => starts() === 1);
    await end(2);
    await read(begin, 2);
    expect(starts()).toBe(1);
    await expect(read(begin, 1)).rejects.toMatchObject({ code: 'ssh.claim-superseded' });
    await console.close(GUEST, reader(2), forTheTest());
  });

  it('is let go of, and taken again by the next look', async () => {
    const begin = await end();
    await until(() => starts() === 1);
    await console.close(GUEST, reader(), forTheTest());
    await console.close(GUEST, reader(), forTheTest());
    const { remarks } = await readUntil(begin, () => starts() === 2);
    expect(remarks).toEqual([]);
  });

  it('that ends by itself is said and started again', async () => {
    const begin = await end();
    await until(() => starts() === 1);
    writeFileSync(`${wire}.off`, '');
    const { remarks } = await readUntil(begin, () => starts() === 2);
    expect(remarks).toEqual(['the capture of the console ended with code 7 and is started anew']);
  });

  it('leaves no process behind when it was let go of', async () => {
    await end();
    await until(() => starts() === 1);
    expect(processesWith(wire)).not.toEqual([]);
    await console.close(GUEST, reader(), forTheTest());
    await until(async () => processesWith(wire).length === 0);
  });
});

/** Of processes that may end while they are looked at. */
function processesWith(word: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word);
    } catch {
      return false;
    }
  });
}

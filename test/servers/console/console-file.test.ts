import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import consoleFile from '../../../src/adapters/infra/console-file.ts';
import { HostName } from '../../../src/domain/ids.ts';
import { BUILT_IN_PATTERNS } from '../../../src/jobs/console/built-in-patterns.ts';
import { NOTHING_SCANNED, scanConsole } from '../../../src/jobs/console/scan-console.ts';
import type { ConsoleLog } from '../../../src/jobs/ports/console-log.ts';
import { until } from '../../until.ts';
import { type ConsoleSite, consoleSite, forTheTest, GUEST, READER } from './console-site.ts';

describe('a console log on the hypervisor, read over real SSH', () => {
  let site: ConsoleSite;
  let console: ConsoleLog;
  let file: string;
  let count = 0;

  beforeAll(async () => {
    site = await consoleSite();
  });
  afterAll(() => site.stop());
  beforeEach(() => {
    count += 1;
    const name = `it's {host} ${count}.log`;
    file = join(site.folder, name.replace('{host}', GUEST));
    console = site.console(consoleFile, { on: 'hypervisor', path: join(site.folder, name) });
    writeFileSync(file, 'the old system: Kernel panic - not syncing: old\n');
  });

  const end = () => console.end(GUEST, READER, forTheTest());
  const read = (from: string) => console.read(GUEST, from, READER, forTheTest());

  it('gives what was printed since, and the same again from the same place', async () => {
    const before = await end();
    expect(await read(before)).toMatchObject({ text: '', next: before, more: false });
    appendFileSync(file, 'Lïnux\r\n\u0000\u00ff');
    const part = await read(before);
    expect(part).toMatchObject({ text: 'Lïnux\r\n\u0000\u00ff', more: false });
    expect(await read(before)).toEqual(part);
    expect((await read(part.next)).text).toBe('');
  });

  it('finds the panic that a real process writes, in pieces, while it is read', async () => {
    let cursor = await end();
    const script = `for word in "Linux version" "\\nKernel panic" " - not syncing" ": VFS" "\\nCPU: 0\\n"; do printf "$word"; sleep 0.05; done`;
    const writer = spawn('sh', ['-c', `{ ${script}; } >>"$1"`, 'guest', file], { stdio: 'ignore' });
    const gone = once(writer, 'exit');
    let scanned = NOTHING_SCANNED;
    const found: string[] = [];
    await until(async () => {
      const part = await read(cursor);
      cursor = part.next;
      const scan = scanConsole(scanned, part.text, BUILT_IN_PATTERNS);
      scanned = scan.scanned;
      found.push(...scan.findings.map(({ line, pattern }) => `${pattern.code} ${line}`));
      return found.length > 0;
    });
    await gone;
    expect(found).toEqual(['console.panic Kernel panic - not syncing: VFS']);
  });

  it('reads much in parts, none of it twice', async () => {
    let cursor = await end();
    const much = Array.from({ length: 20_000 }, (_, at) => `line ${at}\n`).join('');
    appendFileSync(file, much);
    let text = '';
    for (let more = true; more; ) {
      const part = await read(cursor);
      expect(part.text.length).toBeLessThanOrEqual(65_536);
      text += part.text;
      ({ next: cursor, more } = part);
    }
    expect(text).toBe(much);
  });

  it('notices a log that was truncated, also one that has grown beyond the place since', async () => {
    const before = await end();
    truncateSync(file);
    appendFileSync(file, 'new\n');
    const remark = `${file} was truncated and is read anew`;
    const part = await read(before);
    expect(part).toMatchObject({ text: 'new\n', remark });
    expect((await read(part.next)).remark).toBeUndefined();
    truncateSync(file);
    const longer = `${'much more than stood there before\n'.repeat(50)}`;
    appendFileSync(file, longer);
    expect(await read(part.next)).toMatchObject({ text: longer, remark });
  });

  it('notices a log that was rotated', async () => {
    const before = await end();
    renameSync(file, `${file}.0`);
    writeFileSync(file, 'Kernel panic - not syncing: new\n');
    expect(await read(before)).toMatchObject({
      text: 'Kernel panic - not syncing: new\n',
      remark: `${file} was rotated and is read anew`,
    });
  });

  it('begins with all of a log that was not there yet', async () => {
    renameSync(file, `${file}.0`);
    const before = await end();
    await expect(read(before)).rejects.toMatchObject({ code: 'console.no-log', effect: 'none' });
    writeFileSync(file, 'first\n');
    expect(await read(before)).toMatchObject({ text: 'first\n' });
    expect((await read(before)).remark).toBeUndefined();
  });

  it('says that something else stands there, and where nobody has the console', async () => {
    const path = join(site.folder, '{host}.d');
    mkdirSync(path.replace('{host}', GUEST));
    const folder = site.console(consoleFile, { on: 'vhost-01', path });
    const asked = folder.read(GUEST, '1:5:1', READER, forTheTest());
    await expect(asked).rejects.toMatchObject({ code: 'console.unreadable', effect: 'none' });
    const other = HostName.parse('vhost-01');
    await expect(console.end(other, READER, forTheTest())).rejects.toMatchObject({
      code: 'console.nowhere',
      message: 'nobody has the console of vhost-01: the inventory names no hypervisor of it',
    });
  });
});

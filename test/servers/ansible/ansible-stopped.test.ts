import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AnsibleSite, ansibleSite } from './ansible-site.ts';
import { play } from './play.ts';

/** Every process on this machine that has to do with runs in this folder, by its command line. */
function processesIn(folder: string): readonly string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const named = (file: string) => (pid: string) => read(pid, file).includes(`${folder}/signalbox-`);
  return pids.filter((pid) => named('environ')(pid) || named('cmdline')(pid)).map(commandOf);
}

const commandOf = (pid: string) => read(pid, 'cmdline').replaceAll('\0', ' ').trim();

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

describe('a run in the middle of a task', () => {
  let site: AnsibleSite;
  beforeAll(async () => {
    site = await ansibleSite();
  });
  let worker: ChildProcess | undefined;
  afterEach(() => {
    worker?.kill('SIGKILL');
    worker = undefined;
  });
  afterAll(() => site.close());

  const runProcesses = () => processesIn(site.folder);

  /** The second task says that it has begun, and goes on for longer than anybody waits. */
  let begun: string;
  beforeEach(() => {
    begun = join(mkdtempSync(join(site.folder, 'try-')), 'begun');
  });
  const sleeping = () =>
    play([
      '{ name: first, command: "true" }',
      `{ name: begin, shell: "touch ${begun}; exec sleep 300" }`,
      '{ name: never, command: "true" }',
    ]);

  it('ends with all its processes when it is told to stop, and nobody knows what it did', async () => {
    const stop = new AbortController();
    const running = site.play(sleeping(), { signal: stop.signal });
    const stopped = expect(running).rejects.toMatchObject({
      code: 'ansible.cut-off',
      effect: 'unknown',
      message: 'site.yml on builder-07 did not come to its end: it was told to stop',
    });
    await expect.poll(() => existsSync(begun)).toBe(true);
    const commands = runProcesses().join('\n');
    expect(commands).toContain('ansible-playbook');
    expect(commands).toContain('[mux]');
    stop.abort();
    await stopped;
    expect(runProcesses()).toEqual([]);
  });

  it('ends in the same way when it takes too long', async () => {
    const running = site.play(sleeping(), { config: { 'run-timeout-s': 6 } });
    await expect(running).rejects.toMatchObject({
      code: 'ansible.cut-off',
      effect: 'unknown',
      message: 'site.yml on builder-07 did not come to its end: it took longer than 6 s',
    });
    expect(runProcesses()).toEqual([]);
  });

  it('is not begun at all once it was told to stop', async () => {
    const running = site.play(sleeping(), { signal: AbortSignal.abort() });
    await expect(running).rejects.toMatchObject({ code: 'ansible.cut-off', effect: 'none' });
  });

  it.each([
    ['is killed', 'SIGKILL'],
    ['is frozen', 'SIGSTOP'],
  ] as const)('ends by itself, with its secrets, when its worker %s', async (_what, signal) => {
    worker = await startWorker(site, sleeping());
    await expect.poll(() => runProcesses().join('\n')).toContain('[mux]');
    worker.kill(signal);
    await expect.poll(runProcesses, { interval: 200 }).toEqual([]);
    expect(site.runFolders()).toEqual([]);
  });
});

/** A process of its own that runs a playbook, so that it can be lost in the middle of it. */
async function startWorker(site: AnsibleSite, text: string): Promise<ChildProcess> {
  const commit = site.commit({ 'site.yml': text });
  const program = join(import.meta.dirname, 'playbook-worker.ts');
  const worker = spawn(process.execPath, [program, JSON.stringify({ ...site.reach, commit })], {
    stdio: 'ignore',
  });
  await once(worker, 'spawn');
  return worker;
}

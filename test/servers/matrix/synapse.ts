import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certificates } from '../irc/certificates.ts';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';
import { killed } from '../program/killed.ts';
import { lastingPort } from '../program/lasting-port.ts';
import { withUs } from '../program/with-us.ts';
import { type Person, personOn } from './person.ts';
import {
  REGISTRATION_SECRET,
  type SynapseTraits,
  synapsePython,
  writeSynapseFiles,
} from './synapse-files.ts';

/** A real Synapse with a database of its own, on loopback. */
export interface Synapse {
  readonly url: string;
  /** What stands after the colon of its ids. */
  readonly serverName: string;
  /** For whatever else belongs to it; gone with the server. */
  readonly folder: string;
  /** Makes an account and logs it in. */
  register(localpart: string): Promise<Person>;
  /** As a crash or a power cut would. */
  kill(): Promise<void>;
  /** After `kill`: on the same port, with what it had written. */
  restart(): Promise<void>;
  /** Nothing is answered until `thaw`, as if the network were cut. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** One that takes part in federation has its address for a name, which nobody needs to look up. */
export async function startFederating(certificates: Certificates): Promise<Synapse> {
  const port = await lastingPort();
  return startSynapse({
    serverName: `127.0.0.1:${port}`,
    federation: { port, certificates },
  });
}

export async function startSynapse(traits: Partial<SynapseTraits> = {}): Promise<Synapse> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-synapse-'));
  const port = await lastingPort();
  const whole = { serverName: 'ops.test', messagesPerSecond: 1_000, ...traits };
  const config = writeSynapseFiles(folder, port, whole);
  const url = `http://127.0.0.1:${port}`;
  const people: Person[] = [];
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    const out = openSync(join(folder, 'synapse.out'), 'a');
    const words = ['-m', 'synapse.app.homeserver', '-c', config];
    server = spawn(...withUs(synapsePython(), ...words), {
      stdio: ['ignore', out, out],
      cwd: folder,
    });
    closeSync(out);
    await eventually(
      () => answers(`${url}/health`),
      PATIENCE_MS,
      () => readFileSync(join(folder, 'synapse.out'), 'utf8'),
    );
  }

  const kill = () => killed(server);

  await start();
  return {
    url,
    serverName: whole.serverName,
    folder,
    async register(localpart) {
      const person = personOn(url, await newAccount(url, localpart));
      people.push(person);
      return person;
    },
    kill,
    restart: start,
    freeze: () => void server?.kill('SIGSTOP'),
    thaw: () => void server?.kill('SIGCONT'),
    async close() {
      await Promise.all(people.map((person) => person.leave()));
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}

export interface Account {
  readonly user_id: string;
  readonly access_token: string;
  readonly device_id: string;
}

async function newAccount(url: string, username: string): Promise<Account> {
  const register = `${url}/_synapse/admin/v1/register`;
  const { nonce } = (await (await fetch(register)).json()) as { nonce: string };
  const password = 'of-this-test-only';
  const mac = createHmac('sha1', REGISTRATION_SECRET)
    .update([nonce, username, password, 'notadmin'].join('\0'))
    .digest('hex');
  const body = JSON.stringify({ nonce, username, password, admin: false, mac });
  const answer = await fetch(register, { method: 'POST', body });
  if (!answer.ok) throw new Error(`${username} was not registered: ${await answer.text()}`);
  return (await answer.json()) as Account;
}

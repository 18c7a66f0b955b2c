import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';
import { killed } from '../program/killed.ts';
import { lastingPort } from '../program/lasting-port.ts';
import { withUs } from '../program/with-us.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { connectPerson, type Person } from './person.ts';
import { type Ports, type ServerTraits, serverConfig, servicesConfig } from './server-files.ts';

const NOBODY = 65_534;
export const PASSWORD = 'of-this-test-only';

/** A real InspIRCd with real Anope services, TLS and an authority of its own, on loopback. */
export interface IrcServer {
  readonly ports: Ports;
  readonly certificates: Certificates;
  /** For whatever else belongs to it; gone with the server. */
  readonly folder: string;
  /** Makes accounts with PASSWORD. */
  register(...accounts: readonly string[]): Promise<void>;
  /** Lets the account log in with the client certificate of a bot. */
  trustCertificate(account: string): Promise<void>;
  /** Somebody joins; with an account they are identified before. */
  connect(nick: string, channels?: readonly string[], account?: string): Promise<Person>;
  /** As a crash or a power cut would. */
  kill(): Promise<void>;
  /** It keeps its connections, and reads and says nothing any more. */
  freeze(): void;
  thaw(): void;
  /** After `kill`: on the same ports. Services link again by themselves, and until then nobody can log in. */
  restart(): Promise<void>;
  /** Settles once services are there. */
  linked(): Promise<void>;
  /** Services split off; who was logged in stays so for the server. */
  killServices(): Promise<void>;
  startServices(): Promise<void>;
  close(): Promise<void>;
}

export async function startIrcServer(traits: Partial<ServerTraits> = {}): Promise<IrcServer> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-irc-'));
  const ports = {
    tls: await lastingPort(),
    plain: await lastingPort(),
    services: await lastingPort(),
  };
  const certificates = makeCertificates(folder);
  const whole = { without: [], strict: false, ...traits };
  const path = (file: string) => join(folder, file);
  writeFileSync(path('inspircd.conf'), serverConfig(folder, ports, certificates, whole));
  writeFileSync(path('services.conf'), servicesConfig(folder, ports));
  writeFileSync(path('services.motd'), '');
  mkdirSync(path('backups'));
  for (const shared of [folder, path('backups')]) chmodSync(shared, 0o777);

  let server: ChildProcess | undefined;
  let services: ChildProcess | undefined;
  const people: Person[] = [];

  const plain = () => connect(ports.plain, '127.0.0.1');

  async function startServer(): Promise<void> {
    const config = ['--config', path('inspircd.conf'), '--nofork', '--nopid'];
    const asRoot = process.getuid?.() === 0 ? ['--runasroot'] : [];
    server = run('inspircd', [...config, ...asRoot], path('inspircd.out'));
    await eventually(
      () => answers(ports.plain),
      PATIENCE_MS,
      () => readFileSync(path('inspircd.out'), 'utf8'),
    );
  }

  async function startServices(): Promise<void> {
    const folders = [`--confdir=${folder}`, `--dbdir=${folder}`, `--logdir=${folder}`];
    const words = ['--nofork', '--nothird', ...folders, '--modulesdir=/usr/lib/anope'];
    services = run('/usr/sbin/anope', words, path('services.out'), notRoot());
    await linked();
  }

  /** The server offers SASL once its services are there to decide it. */
  async function linked(): Promise<void> {
    await eventually(
      async () => / sasl\b/.test(await capabilities(ports.plain)),
      PATIENCE_MS,
      () => readFileSync(path('services.out'), 'utf8'),
    );
  }

  async function identified(account: string, more: (person: Person) => Promise<unknown>) {
    const person = await connectPerson(plain(), account, []);
    await more(person);
    await person.leave();
  }

  const irc: IrcServer = {
    ports,
    certificates,
    folder,
    async register(...accounts) {
      await Promise.all(
        accounts.map((account) =>
          identified(account, async (person) => {
            person.say('NickServ', `REGISTER ${PASSWORD} a@example.org`);
            await person.hears(/ 900 /);
          }),
        ),
      );
      await saved(path('anope.db'), accounts);
    },
    async trustCertificate(account) {
      const { ca, bot } = certificates;
      const read = (file: string) => readFileSync(file, 'utf8');
      const own = { cert: read(bot.certificate), key: read(bot.key), ca: read(ca) };
      const socket = connectTls({ host: '127.0.0.1', port: ports.tls, ...own });
      const identity = { account, password: PASSWORD };
      const person = await connectPerson(socket, account, [], identity);
      person.say('NickServ', 'CERT ADD');
      await person.hears(/NOTICE .*added/i);
      await person.leave();
    },
    async connect(nick, channels = [], account) {
      const identity = account && { account, password: PASSWORD };
      const person = await connectPerson(plain(), nick, channels, identity || undefined);
      people.push(person);
      return person;
    },
    kill: () => killed(server),
    freeze: () => void server?.kill('SIGSTOP'),
    thaw: () => void server?.kill('SIGCONT'),
    restart: startServer,
    linked,
    killServices: () => killed(services),
    startServices,
    async close() {
      await Promise.all(people.map((person) => person.leave()));
      await killed(services);
      await killed(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await startServer();
    await startServices();
  } catch (problem) {
    await irc.close();
    throw problem;
  }
  return irc;
}

function run(
  program: string,
  words: readonly string[],
  log: string,
  as: { readonly uid?: number } = {},
): ChildProcess {
  const command = `exec "$0" "$@" > ${JSON.stringify(log)} 2>&1`;
  return spawn(...withUs('sh', '-c', command, program, ...words), { stdio: 'ignore', ...as });
}

/** Anope makes root wait for three seconds at each start. */
function notRoot(): { readonly uid?: number } {
  return process.getuid?.() === 0 ? { uid: NOBODY } : {};
}

async function answers(port: number): Promise<boolean> {
  return (await capabilities(port)) !== '';
}

/** What a server offers; empty while nobody listens. */
async function capabilities(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let text = '';
  try {
    await once(socket, 'connect');
    socket.write('CAP LS 302\r\n');
    while (!/ CAP \S+ LS /.test(text)) text += (await once(socket, 'data'))[0];
    return text;
  } catch {
    return '';
  } finally {
    socket.destroy();
  }
}

/** Services keep accounts in memory and write them down once a second. */
async function saved(database: string, accounts: readonly string[]): Promise<void> {
  const isThere = (account: string) => `\n${text()}`.includes(`\nDATA display ${account}\n`);
  const text = () => {
    try {
      return readFileSync(database, 'utf8');
    } catch {
      return '';
    }
  };
  await eventually(
    () => accounts.every(isThere),
    PATIENCE_MS,
    () => `${accounts} in ${database}`,
  );
}

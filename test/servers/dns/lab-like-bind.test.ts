import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'dns-packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchangeTcp } from '../../../src/adapters/infra/dns/exchange-tcp.ts';
import { recordsAt } from '../../../src/adapters/infra/dns/look-at-server.ts';
import { readRawMessage } from '../../../src/adapters/infra/dns/raw-records.ts';
import { readKey } from '../../../src/adapters/infra/dns/read-key.ts';
import {
  parseAddress,
  type ServerAddress,
} from '../../../src/adapters/infra/dns/server-address.ts';
import { signMessage } from '../../../src/adapters/infra/dns/tsig.ts';
import { HostName } from '../../../src/domain/ids.ts';
import { AT_FIRST, NAME, NODE_1, NODE_2, PLAIN, ZONE } from '../../dns-conformance.ts';
import { labZone } from '../../lab/lab-zone.ts';
import { bindSite } from './bind-site.ts';

interface Place {
  readonly address: ServerAddress;
  readonly keyFile: string;
  close(): Promise<void>;
}

const folder = mkdtempSync(join(tmpdir(), 'signalbox-nsupdate-'));
const { signal } = new AbortController();
let places: readonly [bind: Place, lab: Place];

beforeAll(async () => {
  const site = await bindSite({ grants: 'grant bot. subdomain example.test. A AAAA CNAME;' });
  const lab = await labZone();
  places = [placeOf(site.primary, site), placeOf(lab.primary, lab)];
});
afterAll(async () => {
  await Promise.all(places.map((place) => place.close()));
  rmSync(folder, { recursive: true });
});

function placeOf(primary: string, { keyFile, close }: Omit<Place, 'address'>): Place {
  return { address: parseAddress(primary) as ServerAddress, keyFile, close };
}

/** What nsupdate says of it; empty where it was done. */
async function nsupdate(place: Place, lines: readonly string[]): Promise<string> {
  const { host, port } = place.address;
  const file = join(folder, 'update.txt');
  writeFileSync(file, [`server ${host} ${port}`, `zone ${ZONE}.`, ...lines, 'send', ''].join('\n'));
  return new Promise((said) => {
    execFile('nsupdate', ['-v', '-k', place.keyFile, file], (_problem, _stdout, stderr) =>
      said(stderr),
    );
  });
}

/** Everything at the names that are played with. */
async function world({ address }: Place) {
  const names = [...AT_FIRST.map(({ name }) => name), HostName.parse(`new.${ZONE}`)];
  const patience = { timeoutMs: 20_000, signal };
  const each = names.map(async (name) => [name, await recordsAt(address, name, patience)] as const);
  const sorted = (await Promise.all(each)).map(([name, records]) => [
    name,
    records.map(({ type, value, ttlS }) => `${ttlS} ${type} ${value}`).toSorted(),
  ]);
  return Object.fromEntries(sorted);
}

const CNAME = { name: NAME, type: 'CNAME', class: 'IN', data: NODE_1 } as const;
const NEW = `new.${ZONE}.`;
/** In this order, each on what the ones before it made. */
const UPDATES: readonly (readonly string[])[] = [
  [
    `prereq yxrrset ${NAME}. IN CNAME ${NODE_1}.`,
    `update delete ${NAME}. CNAME`,
    `update add ${NAME}. 60 CNAME ${NODE_2}.`,
  ],
  [`prereq yxrrset ${NAME}. IN CNAME ${NODE_1}.`, `update delete ${NAME}. CNAME`],
  [`prereq yxrrset ${PLAIN}. IN CNAME ${NODE_1}.`],
  [`prereq yxrrset ${PLAIN}. A`, `update add ${PLAIN}. 60 A 192.0.2.9`],
  [`prereq yxrrset ${PLAIN}. IN A 192.0.2.9`],
  [
    `prereq yxrrset ${PLAIN}. IN A 192.0.2.9`,
    `prereq yxrrset ${PLAIN}. IN A 192.0.2.7`,
    `update delete ${PLAIN}. A 192.0.2.7`,
  ],
  [`prereq nxrrset ${PLAIN}. A`],
  [`prereq nxrrset ${PLAIN}. CNAME`],
  [`prereq nxdomain ${NEW}`, `update add ${NEW} 30 A 192.0.2.44`],
  [`prereq nxdomain ${NEW}`],
  [`prereq yxdomain ${NEW}`, `update add ${NEW} 30 AAAA 2001:db8::1`],
  [`prereq yxdomain nowhere.${ZONE}.`],
  [`update add ${PLAIN}. 60 CNAME ${NODE_1}.`],
  [`update add ${NAME}. 60 A 192.0.2.1`],
  [`update add ${NAME}. 90 CNAME ${NODE_1}.`],
  [`update delete ${NAME}. CNAME`, `update delete ${NAME}. CNAME`],
  [`update add ${NAME}. 60 CNAME ${NODE_1}.`],
  [`update delete ${NAME}. CNAME ${NODE_2}.`],
  [`update delete ${NAME}. CNAME ${NODE_1}.`],
  [`update add ${PLAIN}. 77 A 192.0.2.9`],
  [`update add ${NEW} 30 TXT "not granted"`],
  [`prereq yxrrset ${ZONE}. SOA`, `update add ${NEW} 31 A 192.0.2.45`],
];

describe('the name servers of the lab do as BIND does', () => {
  it('with every update of nsupdate', async () => {
    for (const lines of UPDATES) {
      const [bind, lab] = [await nsupdate(places[0], lines), await nsupdate(places[1], lines)];
      expect({ lines, said: lab }).toEqual({ lines, said: bind });
      expect({ lines, world: await world(places[1]) }).toEqual({
        lines,
        world: await world(places[0]),
      });
    }
  });

  it('with updates that no honest program sends', async () => {
    const bad = [
      { answers: [{ ...CNAME, ttl: 60 }] },
      { answers: [{ ...CNAME, name: 'www.example.net', ttl: 0 }] },
      { authorities: [{ ...CNAME, name: 'www.example.net', ttl: 0 }] },
      { authorities: [{ ...CNAME, class: 'ANY', ttl: 0 }] },
      { authorities: [{ ...CNAME, class: 'ANY', ttl: 9 }] },
      { authorities: [{ ...CNAME, class: 'CH', ttl: 9 }] },
      { questions: [{ name: ZONE, type: 'A' }] },
      { questions: [{ name: 'example.net', type: 'SOA' }] },
      { questions: [] },
    ] as const;
    for (const update of bad) {
      const [bind, lab] = [await rcode(places[0], update), await rcode(places[1], update)];
      expect({ update, rcode: lab }).toEqual({ update, rcode: bind });
    }
    expect(await world(places[1])).toEqual(await world(places[0]));
  });

  it('with what is not signed, or is no update', async () => {
    for (const opcode of [2, 5, 6]) {
      const questions = [{ name: ZONE, type: 'SOA' as const }];
      const authorities = opcode === 5 ? [CNAME] : [];
      const bare = encode({ id: 7, flags: opcode << 11, questions, authorities });
      const codes = await Promise.all(places.map(({ address }) => answered(address, bare)));
      expect({ opcode, code: codes[1] }).toEqual({ opcode, code: codes[0] });
    }
  });
});

async function rcode({ address, keyFile }: Place, update: object): Promise<number> {
  const zone = [{ name: ZONE, type: 'SOA' as const }];
  const bare = encode({ id: 7, flags: 5 << 11, questions: zone, ...structuredClone(update) });
  const key = await readKey(keyFile);
  const nowS = Math.floor(Date.now() / 1000);
  return answered(address, signMessage(bare, key, { nowS }).message);
}

async function answered(address: ServerAddress, message: Buffer): Promise<number> {
  const answer = await exchangeTcp(address, message, { isAnswer: () => true, signal });
  return readRawMessage(answer).rcode;
}

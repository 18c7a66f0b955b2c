import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configFile } from '../../../src/adapters/config/config-file.ts';
import { wholeOf } from '../../../src/adapters/config/config-part.ts';
import { readPeople } from '../../../src/adapters/config/people.ts';
import { directoryOf } from '../../../src/adapters/directory/directory-of.ts';
import { filePeople } from '../../../src/adapters/directory/file-people.ts';
import type { Sender } from '../../../src/bot/chat-network.ts';
import { ZoneName } from '../../../src/domain/ids.ts';
import type { Directory } from '../../../src/policies/directory.ts';
import { createWorld, OPS, type World } from '../world.ts';
import { randomLine } from './messages.ts';
import { randomFrom } from './random.ts';

/** `FUZZ_SEED=7 FUZZ_MESSAGES=100000 vitest run test/bot/fuzz` looks elsewhere, and for longer. */
const SEED = Number(process.env.FUZZ_SEED ?? 20261121);
const MESSAGES = Number(process.env.FUZZ_MESSAGES ?? 10_000);
/** Ten seconds of work, and much longer on a machine that others use. */
const PATIENCE = { timeout: 300_000 };
const STAGING = ZoneName.parse('staging');

const PEOPLE_FILE = `
groups:
  sysadmin-builders: [ana, ben]
  interns: [gus]
  developers: [dan]
people:
  ana: { matrix: "@ana:example.org" }
  ben: { matrix: "@ben:example.org" }
  gus: { matrix: "@gus:example.org" }
  dan: { matrix: "@dan:example.org" }
`;
const ENTITLED = new Set(['ana', 'ben', 'gus']);

const SENDERS: readonly Sender[] = [
  ...['ana', 'ben', 'gus', 'dan', 'eve'].map((name) => ({
    id: `@${name}:example.org`,
    shown: name,
  })),
  { id: undefined, shown: 'ana' },
  { id: undefined, shown: 'b\u001b]0;en\u0007' },
  { id: '@ana:example.org ', shown: 'ana' },
  { id: '@аna:example.org', shown: 'аna' },
  { id: '__proto__', shown: 'constructor' },
];
const NOBODIES = SENDERS.slice(3);

let folder = '';
let directory: Directory;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
  const path = join(folder, 'people.yaml');
  await writeFile(path, PEOPLE_FILE);
  const file = configFile('people.yaml', PEOPLE_FILE);
  const { people } = readPeople(wholeOf(file));
  if (people === undefined) throw new Error('not a people file');
  directory = directoryOf([filePeople({ path, under: [], file, people })]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** One waits for approval, one asks what to do after a failure. */
async function twoOperations(): Promise<World> {
  const world = await createWorld({ directory, private: true });
  world.troubles.set('test', 'no such device');
  await world.says('@gus:example.org', '!clean builder-02');
  await world.says('@ana:example.org', '!clean builder-01');
  await world.says('@ben:example.org', '!approve op-2 CODE');
  await world.passes(1);
  return world;
}

async function known(world: World) {
  const ops = await world.operations();
  const said = world.network.posted.flatMap(({ lines }) => lines).join(' ');
  const codes = [...said.matchAll(/!approve op-\w+ ([0-9a-f]{4})/g)].map(([, code]) => code ?? '');
  return { ops: [...ops, 'op-zzzz', 'op-'], codes: [...codes, '0000', 'retry', 'because'] };
}

interface Heard {
  readonly sent: string;
  readonly noise: boolean;
  readonly lines: readonly string[];
}

/** Everything that is sent, with what was answered to just that. */
async function fuzz(
  world: World,
  senders: readonly Sender[],
  messages: number,
): Promise<readonly Heard[]> {
  const random = randomFrom(SEED);
  const names = await known(world);
  const reactedTo = ['said-1', 'said-2', ...world.prompts(), 'nothing'];
  const heard: Heard[] = [];
  for (let nth = 0; nth < messages; nth += 1) {
    const before = world.network.posted.length;
    const sender = random.of(senders);
    const ref = { channel: OPS, id: `fuzz-${nth}` };
    const line = random.below(12) > 0 ? randomLine(random, names) : undefined;
    const emoji = random.of(['👍', '👎', '🔁', '⏭️', '👍🏽', 'x', '\u0000', '🦆']);
    const change = random.of(['added', 'removed'] as const);
    const on = { channel: OPS, id: random.of(reactedTo) };
    const reaction = { kind: 'reaction', ref, sender, on, emoji, change } as const;
    const { text = '', noise = true } = line ?? {};
    await world.network.bring(line ? { kind: 'message', ref, sender, text } : reaction);
    const answers = world.network.posted.slice(before).filter(({ key }) => key.endsWith(ref.id));
    const lines = answers.flatMap((posted) => posted.lines);
    heard.push({ sent: line ? text : `${emoji} on ${on.id}`, noise, lines });
  }
  return heard;
}

/** Who is on record with what, past the first entries that the test made itself. */
async function authors(world: World): Promise<readonly string[]> {
  const all: string[] = [];
  for (const op of await world.operations()) {
    for (const { by, event } of await world.journal.read({ op, zone: STAGING })) {
      if (by !== 'engine') all.push(`${event.kind} by ${by}`);
    }
  }
  return all;
}

function expectHarmless(world: World, heard: readonly Heard[]): void {
  expect(world.problems).toEqual([]);
  const long = heard.filter(({ noise, lines }) => noise && lines.length > 1);
  expect(long).toEqual([]);
  const said = world.network.posted.flatMap(({ lines }) => lines);
  expect(said.filter((line) => /[\p{Cc}\p{Bidi_Control}\p{Cs}]/u.test(line))).toEqual([]);
}

test(
  `${MESSAGES} messages of people and strangers crash nothing and give nobody a right (seed ${SEED})`,
  PATIENCE,
  async () => {
    const world = await twoOperations();
    const heard = await fuzz(world, SENDERS, MESSAGES);
    await world.meanwhile(() => undefined);
    expectHarmless(world, heard);
    const deeds = await authors(world);
    expect(deeds.filter((deed) => !ENTITLED.has(deed.split(' by ')[1] ?? ''))).toEqual([]);
    // Interns approve nothing, and nobody their own.
    expect(deeds).not.toContain('approved by gus');
    for (const op of await world.operations()) {
      const entries = await world.journal.read({ op, zone: STAGING });
      const approvers = entries
        .filter(({ event }) => event.kind === 'approved')
        .map(({ by }) => by);
      expect(approvers).not.toContain(entries[0]?.by);
    }
    const { held } = await world.journal.claims(STAGING);
    const lockers = held.flatMap(({ byHand }) => byHand?.by ?? []);
    expect(lockers.filter((by) => !ENTITLED.has(by))).toEqual([]);
  },
);

test(
  `${MESSAGES / 2} messages of strangers change nothing at all (seed ${SEED})`,
  PATIENCE,
  async () => {
    const world = await twoOperations();
    const before = { deeds: await authors(world), claims: await world.journal.claims(STAGING) };
    const heard = await fuzz(world, NOBODIES, MESSAGES / 2);
    expectHarmless(world, heard);
    expect({ deeds: await authors(world), claims: await world.journal.claims(STAGING) }).toEqual(
      before,
    );
  },
);

test('a letter of another script in the name of a host is refused, and named', async () => {
  const world = await twoOperations();
  for (const [host, character] of [
    ['builder-0７', 'U+FF17'],
    ['buіlder-07', 'U+0456'],
    ['buildеr-07', 'U+0435'],
  ]) {
    const heard = await world.says('@ana:example.org', `!clean ${host}`);
    expect(heard).toHaveLength(1);
    expect(heard[0]).toContain(character);
  }
});

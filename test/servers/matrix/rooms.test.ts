import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkMatrix } from '../../../src/adapters/chat/matrix/check-matrix.ts';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';
import { matrixOptions, startMatrixBot, type TestBot } from './bot.ts';
import type { Person } from './person.ts';
import { type Synapse, startSynapse } from './synapse.ts';

const OPS = '#ops:ops.test';
const SECRET = '#secret:ops.test';
let synapse: Synapse;
let bot: TestBot;
let ana: Person;
let eve: Person;
let box: Person;
let ops: string;
let secret: string;

beforeAll(async () => {
  synapse = await startSynapse();
  [ana, eve, box] = (await Promise.all(
    (['ana', 'eve', 'signalbox'] as const).map((name) => synapse.register(name)),
  )) as [Person, Person, Person];
  ops = await ana.makesRoom({ alias: 'ops', invite: [box.id] });
  const encrypted = { type: 'm.room.encryption', content: { algorithm: 'm.megolm.v1.aes-sha2' } };
  secret = await ana.makesRoom({ alias: 'secret', invite: [box.id], initial_state: [encrypted] });
  bot = await startMatrixBot({
    url: synapse.url,
    token: box.token,
    channels: [OPS, SECRET],
    inviters: [ana.id],
  });
  await bot.say(OPS, 'here');
});
afterAll(async () => {
  await bot?.stop();
  await synapse?.close();
});

const isIn = async (person: Person, room: string) =>
  ((await person.call('GET', '/joined_rooms')).joined_rooms as string[]).includes(room);

describe('rooms', () => {
  it('that are encrypted hear nothing, and the log says why, once', async () => {
    await bot.say(SECRET, 'a');
    await bot.say(SECRET, 'b');
    const why = bot.log.filter((line) => line.includes(SECRET));
    expect(why).toEqual([
      `not said in ${SECRET}: ${SECRET} is an encrypted room: this bot neither reads nor writes encrypted messages: there is no encryption on this machine: keys-folder is not set. docs/matrix.md says what encrypted rooms need. Or use a room without encryption; in one that has it, it cannot be turned off again.`,
    ]);
    const said = (await ana.seen(secret)).filter(
      ({ sender, type }) => sender === box.id && type !== 'm.room.member',
    );
    expect(said).toEqual([]);
  });

  it('are looked at by the check, which joins none and refuses one that is encrypted', async () => {
    const mine = await ana.makesRoom({ alias: 'mine' });
    const check = (channels: readonly string[]) =>
      checkMatrix(
        matrixOptions({ url: synapse.url, token: box.token, channels }, () => undefined),
        AbortSignal.timeout(PATIENCE_MS),
      );
    expect(await check([OPS, '#mine:ops.test', '#nowhere:ops.test'])).toBe(
      `${new URL(synapse.url).host} knows us as ${box.id} (device ${box.device}); in ${OPS}; not in #mine:ops.test yet: start joins it, or needs an invitation; there is no room #nowhere:ops.test`,
    );
    expect(await isIn(box, mine)).toBe(false);
    await expect(check([SECRET])).rejects.toMatchObject({ code: 'matrix.encrypted' });
  });

  it('of somebody whom the configuration names are joined, and talked in', async () => {
    const room = await ana.makesRoom({ invite: [box.id] });
    await eventually(() => isIn(box, room));
    const id = await ana.says(room, '!status');
    expect(await bot.takes('message')).toMatchObject({ ref: { channel: room, id } });
    await bot.say(room, 'in private');
    await ana.hears(room, /in private/);
  });

  it('of anybody else are not, and nothing that is said there is heard', async () => {
    const room = await eve.makesRoom({ invite: [box.id] });
    await bot.logs(/@eve:ops\.test invited us to .*: not accepted/);
    expect(await isIn(box, room)).toBe(false);
  });

  it('that are upgraded are followed, and what was asked in the old one can still be answered', async () => {
    const question = await bot.say(OPS, 'really?', { as: 'prompt', reactions: ['👍'] });
    const card = await bot.say(OPS, 'card', { as: 'card' });
    const { replacement_room: next } = (await ana.call(
      'POST',
      `/rooms/${encodeURIComponent(ops)}/upgrade`,
      { new_version: '11' },
    )) as { replacement_room: string };
    await ana.call('POST', `/rooms/${encodeURIComponent(next)}/invite`, { user_id: box.id });
    await eventually(() => isIn(box, next));
    await ana.says(next, '!status');
    expect(await bot.takes('message')).toMatchObject({ ref: { channel: OPS } });
    await bot.say(OPS, 'in the new room');
    await ana.hears(next, /in the new room/);
    const pressed = await ana.reacts(ops, question, '👍');
    expect(await bot.takes('reaction')).toMatchObject({ on: { channel: OPS, id: question } });
    const standing = await bot.network.reactionsOn?.({ channel: OPS, id: question });
    expect(standing).toMatchObject([{ ref: { id: pressed } }]);
    const edited = { channel: OPS, key: 'x', as: 'card', lines: ['x'] } as const;
    expect(await bot.network.edit({ channel: OPS, id: card }, edited)).toBe('gone');
  });
});

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkMatrix } from '../../../src/adapters/chat/matrix/check-matrix.ts';
import { cryptoModule } from '../../../src/adapters/chat/matrix/load-sdk.ts';
import { memoryChatMemory } from '../../../src/adapters/simulated/memory-chat-memory.ts';
import { matrixOptions, startMatrixBot, type TestBot } from '../matrix/bot.ts';
import type { Person } from '../matrix/person.ts';
import { type Synapse, startSynapse } from '../matrix/synapse.ts';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';
import { type SecretPerson, withKeys } from './secret-person.ts';

const OPS = '#ops:ops.test';
const ENCRYPTED = { type: 'm.room.encryption', content: { algorithm: 'm.megolm.v1.aes-sha2' } };
const memory = memoryChatMemory();
let synapse: Synapse;
let bot: TestBot;
let ana: Person;
let box: Person;
let secret: SecretPerson;
let ops: string;
let keysFolder: string;

const start = (folder = keysFolder) =>
  startMatrixBot({
    url: synapse.url,
    token: box.token,
    channels: [OPS],
    keysFolder: folder,
    memory,
  });

const typesOf = async (id: string) =>
  (await ana.seen(ops)).filter(({ event_id }) => event_id === id).map(({ type }) => type);

beforeAll(async () => {
  if (cryptoModule() === undefined) {
    throw new Error('the native file of @matrix-org/matrix-sdk-crypto-nodejs is missing');
  }
  synapse = await startSynapse();
  [ana, box] = (await Promise.all(
    (['ana', 'signalbox'] as const).map((name) => synapse.register(name)),
  )) as [Person, Person];
  ops = await ana.makesRoom({ alias: 'ops', invite: [box.id], initial_state: [ENCRYPTED] });
  keysFolder = join(synapse.folder, 'keys');
  secret = await withKeys(ana, synapse.url, join(synapse.folder, 'people'));
  bot = await start();
  await bot.say(OPS, 'here');
});
afterAll(async () => {
  await bot?.stop();
  secret?.leave();
  await synapse?.close();
});

describe('in an encrypted room', () => {
  it('what the bot says is read by people, and by nobody else', async () => {
    const id = await bot.say(OPS, 'only for you');
    expect((await secret.reads(ops, /only for you/)).event_id).toBe(id);
    expect(await typesOf(id)).toEqual(['m.room.encrypted']);
    expect(JSON.stringify(await ana.seen(ops))).not.toContain('only for you');
  });

  it('commands are heard, from who the homeserver says', async () => {
    const id = await secret.says(ops, '!status');
    expect(await typesOf(id)).toEqual(['m.room.encrypted']);
    const heard = await bot.takes('message');
    expect(heard).toMatchObject({ ref: { channel: OPS, id }, text: '!status' });
    expect(heard.sender.id).toBe(ana.id);
    expect(heard.refused).toBeUndefined();
  });

  it('an edit is encrypted, too, and is shown in the place of what it edits', async () => {
    const id = await bot.say(OPS, 'first', { as: 'card' });
    const message = { channel: OPS, key: 'x', as: 'card', lines: ['second'] } as const;
    expect(await bot.network.edit({ channel: OPS, id }, message)).toBe('stands');
    const edit = await secret.reads(ops, /\* second/);
    expect(await typesOf(edit.event_id)).toEqual(['m.room.encrypted']);
    expect(edit.content['m.relates_to']).toMatchObject({ rel_type: 'm.replace', event_id: id });
  });

  it('a thread is a thread for the homeserver as well', async () => {
    const root = await bot.say(OPS, 'root');
    await bot.say(OPS, 'detail', { thread: { channel: OPS, id: root } });
    const detail = await secret.reads(ops, /detail/);
    const [seen] = (await ana.seen(ops)).filter(({ event_id }) => event_id === detail.event_id);
    expect(seen?.content['m.relates_to']).toMatchObject({ rel_type: 'm.thread', event_id: root });
  });

  it('a file can be read by people, and is no text on the homeserver', async () => {
    const text = 'line 1\nline 2\n';
    await bot.say(OPS, 'log', { file: { name: 'op.log', text } });
    const { content } = await secret.reads(ops, /op\.log/);
    expect(content.url).toBeUndefined();
    const { file } = content as { readonly file: { readonly url: string } };
    expect((await secret.opens(file)).toString()).toBe(text);
  });

  it('reactions count, in clear and encrypted, and stand there when they are read anew', async () => {
    const question = await bot.say(OPS, 'really?', { as: 'prompt', reactions: ['👍'] });
    await ana.isOffered(ops, question, '👍');
    const clear = await ana.reacts(ops, question, '👍');
    expect(await bot.takes('reaction')).toMatchObject({ ref: { id: clear }, emoji: '👍' });
    const relation = { rel_type: 'm.annotation', event_id: question, key: '👎' };
    const content = { 'm.relates_to': relation };
    const hidden = await secret.client.crypto.encryptRoomEvent(ops, 'm.reaction', content);
    const encrypted = await secret.client.sendRawEvent(ops, 'm.room.encrypted', hidden);
    expect(await bot.takes('reaction')).toMatchObject({ ref: { id: encrypted }, emoji: '👎' });
    const standing = await bot.network.reactionsOn?.({ channel: OPS, id: question });
    expect(new Set(standing?.map(({ ref }) => ref.id))).toEqual(new Set([clear, encrypted]));
  });

  it('what was said while the bot was away is read when it is back', async () => {
    await bot.stop();
    const id = await secret.says(ops, '!status later');
    bot = await start();
    expect(await bot.takes('message')).toMatchObject({ ref: { id }, text: '!status later' });
  });

  it('what cannot be decrypted is no command, and its author is told once', async () => {
    const junk = {
      algorithm: 'm.megolm.v1.aes-sha2',
      ciphertext: 'AwgAEnAkBmciEAyhh1j6DCk29UXJ7kv/kvayUNfuNT0iAioLxcXjFX',
      session_id: 'a session nobody has',
      sender_key: 'x',
      device_id: 'Y',
    };
    const send = () => secret.client.sendRawEvent(ops, 'm.room.encrypted', junk);
    await send();
    const first = await bot.takes('message');
    expect(first.text).toBe('');
    expect(first.refused).toMatchObject({ because: /could not be decrypted/ });
    expect(first.refused?.quietly).toBeUndefined();
    await send();
    expect((await bot.takes('message')).refused?.quietly).toBe(true);
  });

  it('the check says that the room is encrypted, and fails where there is no folder for keys', async () => {
    const check = (folder: string | undefined) =>
      checkMatrix(
        matrixOptions(
          { url: synapse.url, token: box.token, channels: [OPS], keysFolder: folder },
          () => undefined,
        ),
        AbortSignal.timeout(PATIENCE_MS),
      );
    expect(await check(keysFolder)).toMatch(`in ${OPS} (encrypted)`);
    await expect(check(undefined)).rejects.toMatchObject({
      code: 'matrix.encrypted',
      message: expect.stringContaining('keys-folder is not set'),
    });
  });

  it('a second bot with the same login says nothing, and logs why', async () => {
    const other = await start(join(synapse.folder, 'other-keys'));
    await other.say(OPS, 'me, too');
    expect(other.log.join('\n')).toContain('are not in');
    await other.stop();
    const same = await start();
    await same.say(OPS, 'me, three');
    expect(same.log.join('\n')).toContain('another process on this machine uses them');
    await same.stop();
    await eventually(async () => (await bot.say(OPS, 'still here')).startsWith('$'));
    await secret.reads(ops, /still here/);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatNetwork, Incoming, Outgoing } from '../src/bot/chat-network.ts';
import { Failure } from '../src/domain/failure.ts';
import { eventually, PATIENCE_MS } from './servers/program/eventually.ts';

/** A network with a person in the one channel that the suite talks in. */
export interface NetworkWorld {
  readonly network: ChatNetwork;
  readonly channel: string;
  /** What the network vouches for of the person. */
  readonly person: string;
  /** The person types. Gives the network's id of the message where they can see it. */
  says(text: string): Promise<unknown>;
  /** What the bot said, as the person reads it now: a message each, oldest first, those of threads too. */
  read(): Promise<readonly string[]>;
  /** The person reacts to a message of the bot, the newest that asks something. */
  reacts?(id: string, emoji: string): Promise<unknown>;
  /** What the bot said in the thread of a message. */
  readThread?(id: string): Promise<readonly string[]>;
  /** Somebody deletes a message of the bot. */
  deletes?(id: string): Promise<unknown>;
  /** Somebody types for whom the network vouches for nothing. */
  strangerSays?(text: string): Promise<unknown>;
  /** The network goes away without a word, and comes back. */
  goesAway?(): Promise<unknown>;
  comesBack?(): Promise<unknown>;
  close(): Promise<void>;
}

export interface NetworkTraits {
  /** What is typed with line breaks and signs of the network's own markup can be read as it was meant. */
  readonly shows: 'whole texts' | 'lines';
}

const HOSTILE = '<b>x</b> & <!channel> @room *y* [z](http://e.example) `q` </pre>';

/** What every ChatNetwork does alike. */
export function networkConformance(
  name: string,
  { shows }: NetworkTraits,
  open: () => Promise<NetworkWorld>,
): void {
  describe(`${name} is a chat network`, () => {
    let world: NetworkWorld;
    const taken: Incoming[] = [];
    let count = 0;

    beforeAll(async () => {
      world = await open();
      await start();
    });
    afterAll(async () => {
      await world?.network.stop();
      await world?.close();
    });

    /** Whoever can be read in a channel hears what is said there. */
    async function start(): Promise<void> {
      await world.network.start(async (incoming) => {
        taken.push(incoming);
      });
      const here = `here for the ${++count}th time`;
      await says(notice(here));
      await reads(new RegExp(here));
    }

    /** On a busy machine a connection is made later than a message waits for it. */
    async function says(message: Outgoing): Promise<void> {
      const isSaid = () =>
        world.network.post(message).then(
          () => true,
          () => false,
        );
      await eventually(isSaid, PATIENCE_MS, () => `${message.lines} is said`);
    }

    const notice = (text: string, more: Partial<Outgoing> = {}): Outgoing => ({
      channel: world.channel,
      key: `said ${++count}`,
      as: 'notice',
      lines: [text],
      ...more,
    });

    async function reads(what: RegExp): Promise<readonly string[]> {
      let texts: readonly string[] = [];
      await eventually(
        async () => {
          texts = await world.read();
          return texts.some((text) => what.test(text));
        },
        PATIENCE_MS,
        () => `${what} in ${JSON.stringify(texts)}`,
      );
      return texts;
    }

    async function takes(what: (incoming: Incoming) => boolean): Promise<Incoming> {
      await eventually(
        () => taken.some(what),
        PATIENCE_MS,
        () => JSON.stringify(taken),
      );
      return taken.find(what) as Incoming;
    }

    const texts = () => taken.flatMap((one) => (one.kind === 'message' ? one.text : []));
    const isText = (text: string) => (one: Incoming) => one.kind === 'message' && one.text === text;

    it('brings what a person types, with what it vouches for of them, and can be told what came of it', async () => {
      await world.says('!status @builders');
      const heard = await takes(isText('!status @builders'));
      expect(heard).toMatchObject({
        ref: { channel: world.channel, id: expect.stringMatching(/./) },
        sender: { id: world.person },
      });
      if (heard.kind === 'message') heard.came?.({ outcome: 'answered', operations: [] });
    });

    it('says the same thing once, however often it is asked to', async () => {
      const same = notice('said once');
      const first = await world.network.post(same);
      expect(await world.network.post(same)).toEqual(first);
      await world.network.post(notice('after it'));
      const said = (await reads(/after it/)).filter((text) => text.includes('said once'));
      expect(said).toHaveLength(1);
    });

    it('gives each message an id of its own', async () => {
      const refs = [await world.network.post(notice('a')), await world.network.post(notice('b'))];
      expect(new Set(refs.map(({ id }) => id)).size).toBe(2);
      expect(refs.map(({ channel }) => channel)).toEqual([world.channel, world.channel]);
    });

    it('keeps the order in which it was asked', async () => {
      const wanted = Array.from({ length: 8 }, (_, at) => `in order ${at}`);
      await Promise.all(wanted.map((text) => world.network.post(notice(text))));
      const all = await reads(/in order 7/);
      expect(all.filter((text) => text.includes('in order'))).toEqual(
        wanted.map((text) => expect.stringContaining(text)),
      );
    });

    it('shows what hosts and people wrote as it is, whatever it would mean there', async () => {
      await world.network.post(notice(`hostile ${HOSTILE}`));
      const [text = ''] = (await reads(/hostile/)).filter((one) => one.includes('hostile'));
      expect(text).toContain(HOSTILE);
    });

    it('bears a text that is too long, and shows its beginning', async () => {
      const lines = Array.from({ length: 150 }, (_, at) => `long ${at} ${'x'.repeat(300)}`);
      await world.network.post(notice('', { as: 'reply', lines }));
      const all = await reads(/long 0 /);
      await world.network.post(notice('and goes on'));
      await reads(/and goes on/);
      if (shows === 'whole texts')
        expect(all.filter((text) => /^long/.test(text)).length).toBeLessThan(5);
    });

    it('never brings what the bot said itself', async () => {
      await world.network.post(notice('!status of my own'));
      await reads(/status of my own/);
      await world.says('!status after it');
      await takes(isText('!status after it'));
      expect(texts()).not.toContain('!status of my own');
    });

    it('does not vouch for a stranger, and says why', async (test) => {
      if (world.strangerSays === undefined) return test.skip();
      await world.strangerSays('!status of a stranger');
      expect(await takes(isText('!status of a stranger'))).toMatchObject({
        sender: {
          id: undefined,
          unknown: { because: expect.stringMatching(/./), next: expect.stringMatching(/./) },
        },
      });
    });

    it('brings a reaction with the message it is on', async (test) => {
      if (world.reacts === undefined) return test.skip();
      expect(world.network.can.reactions).toBe(true);
      const asked = notice('really?', { as: 'prompt', reactions: ['👍', '👎'] });
      const { id } = await world.network.post(asked);
      await reads(/really\?/);
      await world.reacts(id, '👍');
      const heard = await takes((one) => one.kind === 'reaction' && one.on.id === id);
      expect(heard).toMatchObject({
        sender: { id: world.person },
        on: { channel: world.channel },
        emoji: '👍',
        change: 'added',
      });
      const standing = await world.network.reactionsOn?.({ channel: world.channel, id });
      const own = standing?.filter(({ sender }) => sender.id === world.person);
      if (standing) expect(own).toMatchObject([{ emoji: '👍' }]);
    });

    it('edits in place, and says of a message that was deleted that it is gone', async (test) => {
      if (!world.network.can.edit) return test.skip();
      const card = notice('card before', { as: 'card' });
      const ref = await world.network.post(card);
      const after = notice('card after', { as: 'card' });
      expect(await world.network.edit(ref, after)).toBe('stands');
      const all = await reads(/card after/);
      expect(all.filter((text) => text.includes('card '))).toHaveLength(1);
      await world.deletes?.(ref.id);
      await expect
        .poll(() => world.network.edit(ref, notice('too late', { as: 'card' })), {
          timeout: PATIENCE_MS,
        })
        .toBe('gone');
    });

    it('hangs a message in the thread of another', async (test) => {
      if (world.readThread === undefined) return test.skip();
      expect(world.network.can.threads).toBe(true);
      const thread = await world.network.post(notice('root', { as: 'card' }));
      await world.network.post(notice('a detail', { thread }));
      expect(await world.readThread(thread.id)).toEqual([expect.stringContaining('a detail')]);
    });

    it('can be stopped and started again, and brings nothing twice', async () => {
      const before = texts().length;
      await world.network.stop();
      await start();
      await world.says('!status once more');
      await takes(isText('!status once more'));
      expect(texts().slice(before)).toEqual(['!status once more']);
      await world.network.post(notice('there again'));
      await reads(/there again/);
    });

    it('says what it could not say, and that it is back before anything is said again', async (test) => {
      if (world.goesAway === undefined) return test.skip();
      await world.goesAway();
      const key = 'during the outage';
      const message = notice('said after the outage', { key });
      const problem = await world.network.post(message).catch((thrown: unknown) => thrown);
      expect(problem).toBeInstanceOf(Failure);
      expect(problem).toMatchObject({ effect: expect.stringMatching(/^(none|unknown)$/) });
      await world.comesBack?.();
      const back = await takes((one) => one.kind === 'returned');
      expect(back).toMatchObject({ awayMs: expect.any(Number) });
      await says(message);
      const all = await reads(/said after the outage/);
      expect(all.filter((text) => text.includes('said after the outage'))).toHaveLength(1);
    });
  });
}

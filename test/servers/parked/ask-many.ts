import type { ChatNetwork, Incoming } from '../../../src/bot/chat-network.ts';
import { newOpId } from '../../../src/domain/ids.ts';
import type { EventOf } from '../../../src/jobs/model/event.ts';
import { startBot } from '../../../src/program/start-bot.ts';
import { eventually } from '../program/eventually.ts';
import { openToyProgram } from './toy-program.ts';

const AT_ONCE = 128;

/**
 * Ana asks for it once, and what the bot put on record of that is put on record so often, by the same bot; ends when the
 * channel has the prompt of each.
 */
export async function askMany(
  configPath: string,
  url: string,
  { count, text }: { readonly count: number; readonly text: string },
): Promise<void> {
  const program = await openToyProgram(configPath, { REDIS_URL: url });
  const { network, say, prompts } = busyChannel();
  const running = await startBot(program, [network]);
  const { journal, doorbell } = running.bot;
  await eventually(() => say.isHeard());
  await say.as('ana', text, 'once');
  const [first] = await journal.open();
  const [asked] = first === undefined ? [] : await journal.read(first);
  if (first === undefined || asked === undefined) throw new Error(`nobody took ${text} in`);
  const event = asked.event as EventOf<'requested'>;
  const left = Array.from({ length: count - 1 }, (_, nth) => nth).values();
  const again = async () => {
    for (const nth of left) {
      const ref = { op: newOpId(6), zone: first.zone };
      const source = { network: 'console', message: `again-${nth}` };
      await journal.append(ref, { events: [event], by: asked.by, source, seq: 0, dueInMs: 0 });
      await doorbell.ring({ ...ref, seq: 1, epoch: 0 });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, again));
  await eventually(
    () => prompts() >= count,
    480_000,
    () => `${prompts()} of ${count} prompts`,
  );
  await running.stop();
  await program.close();
}

function busyChannel() {
  const prompted = new Set<string>();
  let take: ((incoming: Incoming) => Promise<void>) | undefined;
  let posted = 0;
  const network: ChatNetwork = {
    name: 'console',
    can: { edit: false, threads: false, reactions: true, files: false, formatting: 'plain' },
    async start(listener) {
      take = listener;
    },
    async post({ as, key }) {
      if (as === 'prompt') prompted.add(key);
      posted += 1;
      return { channel: '#ops', id: `busy-${posted}` };
    },
    async edit() {
      throw new TypeError('this channel cannot edit');
    },
    async stop() {
      take = undefined;
    },
  };
  const say = {
    isHeard: () => take !== undefined,
    async as(who: string, text: string, id: string) {
      const ref = { channel: '#ops', id };
      const sender = { id: who, shown: who };
      await take?.({ kind: 'message', ref, sender, text: `!${text}` });
    },
  };
  return { network, say, prompts: () => prompted.size };
}

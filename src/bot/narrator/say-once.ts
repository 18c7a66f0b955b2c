import type { ChatNetwork, Outgoing } from '../chat-network.ts';
import { printable } from '../grammar/printable.ts';
import type { PatientMessages } from './patient-messages.ts';

export interface Saying {
  readonly network: ChatNetwork;
  readonly messages: PatientMessages;
  /** What was said while the store was away: noted when it is back, and not said again. */
  readonly unnoted: Map<string, string>;
}

/** The name under which it is remembered what was said in a channel. */
export function nameIn(channel: string, key: string): string {
  return `${key} in ${channel}`;
}

/** Says it unless it was said there before, in a thread where one is given. */
export async function sayOnce(
  { network, messages, unnoted }: Saying,
  channel: string,
  what: Omit<Outgoing, 'channel'>,
): Promise<void> {
  const name = nameIn(channel, what.key);
  if ((await messages.find(network.name, name)) !== undefined) return;
  const lines = what.lines.map((line) => printable(line));
  await messages.whilePosting(async () => {
    const id = unnoted.get(name) ?? (await network.post({ channel, ...what, lines })).id;
    unnoted.set(name, id);
    await messages.remember(network.name, name, id);
    unnoted.delete(name);
  });
}

import type { HostName } from '../../../domain/ids.ts';
import type { Patience } from './ask-server.ts';
import { noAnswer } from './dns-failure.ts';
import { lookAtAll } from './look-at-all.ts';
import { sendUpdate } from './send-update.ts';
import type { TsigKey } from './tsig-key.ts';
import { fruitlessMessage } from './update-message.ts';
import type { ZoneServers } from './zone-servers.ts';

/** One line about servers that all answer; a Failure names the first that does not. */
export async function checkServers(zone: ZoneServers, patience: Patience): Promise<string> {
  const { servers } = await lookAtAll(zone, zone.zone as HostName, patience);
  const serials = servers.map((answer) => {
    if (answer.kind === 'answered') return answer.serial;
    const server = [answer.server, answer.address].filter(Boolean).join(' ');
    const question = { what: `for the zone ${zone.zone}`, server };
    throw noAnswer(question, { because: answer.because, effect: 'none' });
  });
  const differ = new Set(serials).size > 1;
  return `${zone.zone} on ${serials.length} servers, serial ${[...new Set(serials)].join(' and ')}${differ ? ' (they differ)' : ''}`;
}

/** Whether the primary would take changes of these names. They are sent under a condition that cannot hold. */
export async function checkChanges(
  { zone, servers: [primary] }: ZoneServers,
  { key, names }: { readonly key: TsigKey; readonly names: readonly HostName[] },
  patience: Patience,
): Promise<string> {
  const request = { server: primary.address, key, now: Date.now };
  for (const name of names.length > 0 ? names : [undefined]) {
    const what = name === undefined ? `an update of ${zone}` : `the change of ${name}`;
    const make = (id: number) => fruitlessMessage(id, zone, name);
    await sendUpdate({ ...request, what, make }, patience);
  }
  const about = names.length > 0 ? `changes of ${names.join(', ')}` : 'updates';
  return `${primary.address.text} takes ${about} with the key ${key.name}`;
}

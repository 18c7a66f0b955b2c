import { join } from 'node:path';
import type { MatrixClient } from 'matrix-bot-sdk';
import { fetchRequest } from '../../../src/adapters/chat/matrix/fetch-request.ts';
import { loadSdk } from '../../../src/adapters/chat/matrix/load-sdk.ts';
import type { Person, SeenEvent } from '../matrix/person.ts';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';

/** Somebody whose client encrypts: the SDK's own, with its own syncing and its own store of keys. */
export interface SecretPerson {
  readonly client: MatrixClient;
  says(room: string, text: string): Promise<string>;
  /** Waits for a message that this person's client could decrypt. */
  reads(room: string, what: RegExp): Promise<SeenEvent>;
  /** What a file says that is encrypted. */
  opens(file: { readonly url: string }): Promise<Buffer>;
  leave(): void;
}

export async function withKeys(person: Person, url: string, folder: string): Promise<SecretPerson> {
  const sdk = await loadSdk();
  sdk.setRequestFn(fetchRequest);
  const keys = new sdk.RustSdkCryptoStorageProvider(join(folder, person.device), 0);
  const client = new sdk.MatrixClient(url, person.token, new sdk.MemoryStorageProvider(), keys);
  const read: { readonly room: string; readonly event: SeenEvent }[] = [];
  client.on('room.message', (room: string, event: SeenEvent) => void read.push({ room, event }));
  client.syncingTimeout = 1_000;
  await client.start();
  const matching = (room: string, what: RegExp) =>
    read.find((one) => one.room === room && what.test(one.event.content.body ?? ''));
  return {
    client,
    says: (room, text) => client.sendMessage(room, { msgtype: 'm.text', body: text }),
    async reads(room, what) {
      const bodies = () => read.map(({ event }) => event.content.body).join('\n');
      await eventually(
        () => matching(room, what) !== undefined,
        PATIENCE_MS,
        () => `${what} in ${bodies()}`,
      );
      return matching(room, what)?.event as SeenEvent;
    },
    async opens(file) {
      const path = file.url.replace('mxc://', '/_matrix/client/v1/media/download/');
      const answer = await fetch(url + path, {
        headers: { authorization: `Bearer ${person.token}` },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      client.downloadContent = async () => ({
        data: Buffer.from(await answer.arrayBuffer()),
        contentType: '',
      });
      return client.crypto.decryptMedia(file as never);
    },
    leave: () => client.stop(),
  };
}

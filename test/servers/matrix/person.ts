import { randomUUID } from 'node:crypto';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';
import type { Account } from './synapse.ts';

/** An event as a client is shown it. */
export interface SeenEvent {
  readonly event_id: string;
  readonly type: string;
  readonly sender: string;
  readonly state_key?: string;
  readonly content: {
    readonly body?: string;
    readonly formatted_body?: string;
    readonly msgtype?: string;
    readonly url?: string;
    readonly 'm.relates_to'?: Relation;
    readonly 'm.new_content'?: { readonly body: string; readonly formatted_body: string };
    readonly 'm.mentions'?: { readonly user_ids?: readonly string[] };
  };
}

interface Relation {
  readonly rel_type?: string;
  readonly event_id?: string;
  readonly key?: string;
  readonly 'm.in_reply_to'?: { readonly event_id: string };
}

/** Somebody with a client of their own. */
export interface Person {
  readonly id: string;
  readonly token: string;
  readonly device: string;
  /** Of the client-server API: the body of an answer, also of one that says no. */
  call(method: string, path: string, body?: object): Promise<Readonly<Record<string, unknown>>>;
  /** Gives its id. Invites who is named; an alias is its local part. */
  makesRoom(more: {
    readonly alias?: string;
    readonly invite?: readonly string[];
    readonly [more: string]: unknown;
  }): Promise<string>;
  invites(room: string, who: string): Promise<void>;
  joins(room: string): Promise<void>;
  says(room: string, text: string, more?: object): Promise<string>;
  edits(room: string, message: string, text: string): Promise<string>;
  replies(room: string, to: string, text: string): Promise<string>;
  reacts(room: string, to: string, emoji: string): Promise<string>;
  redacts(room: string, event: string): Promise<string>;
  /** What was said in a room, oldest first, as this person sees it. */
  seen(room: string): Promise<readonly SeenEvent[]>;
  /** Waits for a message that matches; an edit is a message. */
  hears(room: string, what: RegExp): Promise<SeenEvent>;
  /** Waits until a reaction of that sign stands under a message. */
  isOffered(room: string, message: string, emoji: string): Promise<void>;
  leave(): Promise<void>;
}

export function personOn(url: string, account: Account): Person {
  const { user_id: id, access_token: token, device_id: device } = account;
  const left = new AbortController();

  async function call(method: string, path: string, body?: object) {
    const answer = await fetch(`${url}/_matrix/client/v3${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.any([left.signal, AbortSignal.timeout(PATIENCE_MS)]),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return (await answer.json()) as Readonly<Record<string, unknown>>;
  }

  async function send(room: string, type: string, content: object): Promise<string> {
    const path = `/rooms/${encodeURIComponent(room)}/send/${type}/${randomUUID()}`;
    return idIn(await call('PUT', path, content), 'event_id');
  }

  async function seen(room: string): Promise<readonly SeenEvent[]> {
    const { chunk } = await call(
      'GET',
      `/rooms/${encodeURIComponent(room)}/messages?dir=b&limit=500`,
    );
    return ((chunk ?? []) as SeenEvent[]).toReversed();
  }

  return {
    id,
    token,
    device,
    call,
    async makesRoom({ alias, ...more }) {
      const named = alias !== undefined && { room_alias_name: alias };
      const plain = { preset: 'private_chat', ...named, ...more };
      return idIn(await call('POST', '/createRoom', plain), 'room_id');
    },
    async invites(room, who) {
      const path = `/rooms/${encodeURIComponent(room)}/invite`;
      const { errcode, error } = await call('POST', path, { user_id: who });
      if (errcode !== undefined) throw new Error(`${who} is not invited: ${errcode} ${error}`);
    },
    async joins(room) {
      idIn(await call('POST', `/join/${encodeURIComponent(room)}`, {}), 'room_id');
    },
    says: (room, body, more = {}) =>
      send(room, 'm.room.message', { msgtype: 'm.text', body, ...more }),
    edits: (room, message, body) =>
      send(room, 'm.room.message', {
        msgtype: 'm.text',
        body: `* ${body}`,
        'm.new_content': { msgtype: 'm.text', body },
        'm.relates_to': { rel_type: 'm.replace', event_id: message },
      }),
    replies: (room, to, body) =>
      send(room, 'm.room.message', {
        msgtype: 'm.text',
        body,
        'm.relates_to': { 'm.in_reply_to': { event_id: to } },
      }),
    reacts: (room, to, key) =>
      send(room, 'm.reaction', {
        'm.relates_to': { rel_type: 'm.annotation', event_id: to, key },
      }),
    async redacts(room, event) {
      const path = `/rooms/${encodeURIComponent(room)}/redact/${encodeURIComponent(event)}/${randomUUID()}`;
      return idIn(await call('PUT', path, {}), 'event_id');
    },
    seen,
    async hears(room, what) {
      let events: readonly SeenEvent[] = [];
      const matching = () =>
        events.find(
          ({ type, content }) => type === 'm.room.message' && what.test(content.body ?? ''),
        );
      await eventually(
        async () => {
          events = await seen(room);
          return matching() !== undefined;
        },
        PATIENCE_MS,
        () => `${what} in ${events.map(({ content }) => content.body).join('\n')}`,
      );
      return matching() as SeenEvent;
    },
    async isOffered(room, message, emoji) {
      const stands = ({ type, content }: SeenEvent) =>
        type === 'm.reaction' &&
        content['m.relates_to']?.event_id === message &&
        content['m.relates_to'].key === emoji;
      await eventually(async () => (await seen(room)).some(stands), PATIENCE_MS);
    },
    async leave() {
      left.abort();
    },
  };
}

function idIn(answer: Readonly<Record<string, unknown>>, name: string): string {
  const found = answer[name];
  if (typeof found !== 'string') throw new Error(`no ${name} in ${JSON.stringify(answer)}`);
  return found;
}

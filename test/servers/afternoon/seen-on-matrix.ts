import type { Person, SeenEvent } from '../matrix/person.ts';

export interface MatrixMessage {
  readonly id: string;
  readonly by: string;
  readonly body: string;
  readonly html: string;
  readonly thread: string | undefined;
  /** How often it was edited. */
  readonly edits: number;
  readonly reactions: readonly string[];
}

/** A room as a person's client shows it: each message as it stands now, with what stands under it. */
export async function seenOnMatrix(
  person: Person,
  room: string,
): Promise<readonly MatrixMessage[]> {
  const events = await person.seen(room);
  const relating = (type: string, id: string) =>
    events.filter(
      ({ content }) =>
        content['m.relates_to']?.rel_type === type && content['m.relates_to'].event_id === id,
    );
  return events.filter(isMessage).map((event) => {
    const edits = relating('m.replace', event.event_id);
    const newest = edits.at(-1)?.content['m.new_content'] ?? event.content;
    const relation = event.content['m.relates_to'];
    return {
      id: event.event_id,
      by: nameOf(event.sender),
      body: newest.body ?? '',
      html: newest.formatted_body ?? '',
      thread: relation?.rel_type === 'm.thread' ? relation.event_id : undefined,
      edits: edits.length,
      reactions: relating('m.annotation', event.event_id)
        .map(({ sender, content }) => `${content['m.relates_to']?.key} ${nameOf(sender)}`)
        .sort(),
    };
  });
}

function isMessage({ type, content }: SeenEvent): boolean {
  return type === 'm.room.message' && content['m.relates_to']?.rel_type !== 'm.replace';
}

function nameOf(id: string): string {
  return id.replace(/^@(.*):.*$/, '$1');
}

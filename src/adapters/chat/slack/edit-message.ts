import type { ChatNetwork, Outgoing } from '../../../bot/chat-network.ts';
import { createEdits, type EditsOptions } from './edits.ts';
import { placeOf } from './message-id.ts';
import { BAD_FORM, NOT_US, plainTextOf, shapeOf } from './post-message.ts';
import { awayNow } from './slack-failure.ts';
import type { WebApi } from './web-api.ts';

export interface EditorOptions extends Omit<EditsOptions<Outgoing>, 'send'> {
  readonly api: WebApi;
  readonly log: (message: string) => void;
}

/** Edits our messages; what they carry unseen stays. https://docs.slack.dev/reference/methods/chat.update */
export function editorOf({ api, log, ...options }: EditorOptions): ChatNetwork['edit'] {
  const edits = createEdits<Outgoing>({
    ...options,
    async send(id, message) {
      const place = placeOf({ id });
      if (place === undefined) return { kind: 'refused', error: 'message_not_found' };
      const answer = await api.call('chat.update', { ...place, ...shapeOf(message) });
      if (answer.kind !== 'refused' || !BAD_FORM.has(answer.error)) return answer;
      log(`the form of "${message.key}" is not taken, so it stands as plain text: ${answer.error}`);
      return api.call('chat.update', { ...place, ...plainTextOf(message) });
    },
  });
  return async (ref, message) => {
    const answer = await edits.edit(ref.id, message);
    if (answer.kind === 'done') return 'stands';
    if (answer.kind === 'unknown') throw awayNow(ref.channel, answer.because, 'unknown');
    if (NOT_US.has(answer.error)) throw awayNow(ref.channel, answer.error, 'none');
    return 'gone';
  };
}

import type { Outgoing } from '../../../bot/chat-network.ts';
import { printable } from '../../../bot/grammar/printable.ts';
import { cardHtml } from './card-html.ts';
import { escapeHtml, lineToHtml } from './html.ts';

/** As HTML. An event has at most 65,536 bytes, and an edit has its text twice, each as text and as HTML. */
const MOST_BYTES = 10_000;
const LONGEST_LINE_BYTES = 2_000;

export interface Content {
  readonly msgtype: 'm.text' | 'm.notice';
  readonly body: string;
  readonly format: 'org.matrix.custom.html';
  readonly formatted_body: string;
}

type Said = Pick<Outgoing, 'as' | 'lines' | 'situation' | 'card'>;

/**
 * The same in plain text and in HTML. Only what somebody has to answer is `m.text`, since clients tell nobody of notices and
 * other bots pass them over.
 */
export function messageContent({ as, lines, situation, card }: Said): Content {
  const shown = fitting(lines.map((line) => printable(line, LONGEST_LINE_BYTES)));
  const { options = [], see = [] } = situation?.question ?? {};
  const typed = [...options.map((option) => option.typed), ...see].map((text) => printable(text));
  const html = card && cardHtml(card);
  return {
    msgtype: as === 'prompt' || as === 'reply' ? 'm.text' : 'm.notice',
    body: shown.join('\n'),
    format: 'org.matrix.custom.html',
    formatted_body: html ?? shown.map((line) => lineToHtml(line, typed)).join('<br>'),
  };
}

/** As many of the first lines as there is room for. */
function fitting(lines: readonly string[]): readonly string[] {
  let bytes = 0;
  const fit = lines.findIndex((line) => {
    bytes += Buffer.byteLength(escapeHtml(line)) + 1;
    return bytes > MOST_BYTES;
  });
  if (fit < 0) return lines;
  const head = lines.slice(0, Math.max(fit, 1));
  return [...head, `… and ${lines.length - head.length} more lines`];
}

/** The newest text of a message; what is before it is for clients that know of no edits. */
export function editContent(original: string, content: Content): object {
  return {
    ...content,
    body: `* ${content.body}`,
    formatted_body: `* ${content.formatted_body}`,
    'm.new_content': { ...content, 'm.mentions': {} },
    'm.mentions': {},
    'm.relates_to': { rel_type: 'm.replace', event_id: original },
  };
}

export interface Place {
  /** The message that it answers. */
  readonly answers?: string;
  /** The root of the thread that it stands in, and the newest message there that we know. */
  readonly thread?: { readonly root: string; readonly newest: string };
}

/** Where a message stands: in a thread, as an answer, or by itself. */
export function relationTo({ answers, thread }: Place): object {
  if (thread !== undefined) {
    return {
      'm.relates_to': {
        rel_type: 'm.thread',
        event_id: thread.root,
        is_falling_back: answers === undefined,
        'm.in_reply_to': { event_id: answers ?? thread.newest },
      },
    };
  }
  if (answers === undefined) return {};
  return { 'm.relates_to': { 'm.in_reply_to': { event_id: answers } } };
}

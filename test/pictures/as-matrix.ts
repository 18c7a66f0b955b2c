import { messageContent } from '../../src/adapters/chat/matrix/message-content.ts';
import { message, page } from './page.ts';
import type { Seen } from './played.ts';

const STYLE = `
  .face { border-radius: 50%; background: #0d8bd9; } .face.ana { background: #368bd6; } .name { color: #0d7ab5; }
  code { background: #f4f6fa; border: 1px solid #e3e8f0; border-radius: 4px; padding: 0 4px; }
  .reaction { display: inline-block; border: 1px solid #e3e8f0; background: #f3f8fd; border-radius: 10px; padding: 0 8px; margin-right: 6px; font-size: 13px; }
  .thread { border-left: 3px solid #0dbd8b; padding-left: 8px; color: #555; font-size: 13px; }`;

/** As Element shows it: the HTML of each message, its reactions under it, its thread beside. */
export function asMatrix({ typed, messages }: Seen): string {
  return page(STYLE, [
    message({ by: typed.by, html: typed.text }),
    ...messages.map((one) => {
      const reactions = one.reactions?.map((sign) => `<span class="reaction">${sign} 1</span>`);
      const thread =
        one.replies > 0 ? `<div class="thread">${one.replies} in the thread</div>` : '';
      const html = messageContent(one).formatted_body;
      return message({ by: 'signalbox', html, under: `${reactions?.join('') ?? ''}${thread}` });
    }),
  ]);
}

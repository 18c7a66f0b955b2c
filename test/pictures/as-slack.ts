import type { KnownBlock } from '@slack/types';
import { blocksOf } from '../../src/adapters/chat/slack/blocks.ts';
import { message, page } from './page.ts';
import type { Seen } from './played.ts';

const STYLE = `
  .face { border-radius: 6px; background: #4a154b; } .face.ana { background: #2c7a51; }
  .context { color: #616061; font-size: 13px; margin-top: 4px; } .section { white-space: pre-line; margin-top: 4px; }
  .button { display: inline-block; border: 1px solid #bbb; border-radius: 4px; padding: 3px 10px; margin: 6px 6px 0 0; font-weight: bold; font-size: 13px; }
  .thread { color: #1264a3; font-weight: bold; font-size: 13px; }`;

/** As Slack shows it: each message's blocks, with the markup that they hold. */
export function asSlack({ typed, messages }: Seen): string {
  return page(STYLE, [
    message({ by: typed.by, html: typed.text }),
    ...messages.map((one) => {
      const blocks = blocksOf(one);
      const html = blocks
        ? blocks.map(blockHtml).join('')
        : `<div class="section">${one.lines.join('\n')}</div>`;
      const under = one.replies > 0 ? `<span class="thread">${one.replies} replies</span>` : '';
      return message({ by: 'signalbox', html, under });
    }),
  ]);
}

function blockHtml(block: KnownBlock): string {
  switch (block.type) {
    case 'section':
      return `<div class="section">${marked(block.text?.text ?? '')}</div>`;
    case 'context':
      return `<div class="context">${block.elements.map((one) => ('text' in one ? marked(one.text) : '')).join(' ')}</div>`;
    case 'actions':
      return block.elements
        .map((one) => ('text' in one ? `<span class="button">${one.text.text}</span>` : ''))
        .join('');
    default:
      throw new Error(`nobody has drawn a ${block.type} yet`);
  }
}

/** The text is escaped already. */
function marked(text: string): string {
  return text.replace(/(?<=^|\s)\*([^*\n]+)\*/gm, '<b>$1</b>');
}

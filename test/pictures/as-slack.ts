import type { KnownBlock, RichTextBlockElement } from '@slack/types';
import { escapeHtml } from '../../src/adapters/chat/matrix/html.ts';
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
    case 'rich_text':
      return block.elements.map((one) => `<div class="section">${richHtml(one)}</div>`).join('');
    case 'context':
      return `<div class="context">${block.elements.map((one) => ('text' in one ? escapeHtml(one.text) : '')).join(' ')}</div>`;
    case 'actions':
      return block.elements
        .map((one) => ('text' in one ? `<span class="button">${one.text.text}</span>` : ''))
        .join('');
    default:
      throw new Error(`nobody has drawn a ${block.type} yet`);
  }
}

function richHtml({ type, elements }: RichTextBlockElement): string {
  if (type !== 'rich_text_section') throw new Error(`nobody has drawn a ${type} yet`);
  return elements
    .map((one) => {
      if (one.type !== 'text') throw new Error(`nobody has drawn a ${one.type} yet`);
      return one.style?.bold ? `<b>${escapeHtml(one.text)}</b>` : escapeHtml(one.text);
    })
    .join('');
}

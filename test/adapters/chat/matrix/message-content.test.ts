import { describe, expect, it } from 'vitest';
import { cardHtml } from '../../../../src/adapters/chat/matrix/card-html.ts';
import {
  editContent,
  messageContent,
} from '../../../../src/adapters/chat/matrix/message-content.ts';
import type { Card } from '../../../../src/bot/narrator/card.ts';
import { OpId } from '../../../../src/domain/ids.ts';

const op = OpId.parse('op-7k2m');

describe('a message', () => {
  it('says the same as text and as HTML, whatever is in it', () => {
    const lines = ['a < b && c > "d"', "<script>alert('x')</script>"];
    expect(messageContent({ as: 'notice', lines })).toEqual({
      msgtype: 'm.notice',
      body: 'a < b && c > "d"\n<script>alert(\'x\')</script>',
      format: 'org.matrix.custom.html',
      formatted_body:
        'a &lt; b &amp;&amp; c &gt; &quot;d&quot;<br>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;',
    });
  });

  it('shows what can be typed as code', () => {
    const typed = '!approve op-7k2m c4f1';
    const options = [{ typed, emoji: '👍' }];
    const question = { options, whose: [], see: ['!show <op>'] };
    const situation = { op, what: '', question };
    const lines = [`needs 1 approval: ${typed} or 👍 · !show <op>`];
    expect(messageContent({ as: 'prompt', lines, situation })).toMatchObject({
      msgtype: 'm.text',
      formatted_body: `needs 1 approval: <code>${typed}</code> or 👍 · <code>!show &lt;op&gt;</code>`,
    });
  });

  it('has no controls and no text that runs backwards', () => {
    const { body, formatted_body } = messageContent({ as: 'notice', lines: ['a\u202eb\u0007c'] });
    expect(body).toBe('a\\u{202e}b\\u{7}c');
    expect(formatted_body).toBe(body);
  });

  it('fits into an event, and says how much it leaves out', () => {
    const lines = Array.from({ length: 2_000 }, (_, place) => `line ${place} of very many`);
    const content = messageContent({ as: 'notice', lines });
    expect(content.body).toMatch(/… and \d+ more lines$/);
    const edit = JSON.stringify(editContent('$e', content));
    expect(Buffer.byteLength(edit)).toBeLessThan(60_000);
    const oneLine = messageContent({ as: 'notice', lines: ['&'.repeat(50_000)] });
    expect(Buffer.byteLength(JSON.stringify(editContent('$e', oneLine)))).toBeLessThan(60_000);
  });
});

describe('a card', () => {
  const card: Card = {
    op,
    command: 'reimage <builder-07>',
    by: 'ana',
    mood: 'asks',
    headline: '6/8 FAILED configure: <b>no</b>',
    facts: ['staging', 'approved by ben'],
    steps: [
      { title: 'disable builder-07', stands: 'done', note: '3 s' },
      { title: 'reinstall', stands: 'runs', noReturn: true },
      { title: 'enable builder-07', stands: 'ahead' },
    ],
    time: '4 min so far',
    see: ['!show op-7k2m'],
  };

  it('shows how an operation stands, harmlessly', () => {
    expect(cardHtml(card)?.split(/(?<=<br>|<\/p>|<ol>|<\/li>)/)).toEqual([
      '<p>❓ <strong>op-7k2m</strong> <font color="#b35900" data-mx-color="#b35900"><strong>6/8 FAILED configure: &lt;b&gt;no&lt;/b&gt;</strong></font><br>',
      '<code>reimage &lt;builder-07&gt;</code> · ana<br>',
      'staging · approved by ben · 4 min so far</p>',
      '<ol>',
      '<li>✅ disable builder-07 · 3 s</li>',
      '<li>▶️ <strong>reinstall</strong> <em>(no way back after this)</em></li>',
      '<li>○ enable builder-07</li>',
      '</ol><p><code>!show op-7k2m</code></p>',
    ]);
  });

  it('fits into an event however many steps there are', () => {
    const steps = Array.from(
      { length: 500 },
      () => ({ title: '&'.repeat(400), stands: 'ahead' }) as const,
    );
    const content = messageContent({ as: 'card', lines: ['x'], card: { ...card, steps } });
    expect(Buffer.byteLength(JSON.stringify(editContent('$e', content)))).toBeLessThan(64_000);
    expect(content.formatted_body).toMatch(/<li>and \d+ more<\/li><\/ol>/);
  });
});

import { describe, expect, test } from 'vitest';
import {
  type Content,
  messageContent,
} from '../../../../src/adapters/chat/matrix/message-content.ts';
import type { Outgoing } from '../../../../src/bot/chat-network.ts';
import { nameless, playedWithCards, standingIn } from '../../../bot/narrator/played-with-cards.ts';

describe('what an operator sees on Matrix when', async () => {
  const seen = new Map<string, string>();
  const contents: Content[] = [];
  for (const [name, worlds] of await playedWithCards()) {
    const messages: string[] = [];
    for (const world of worlds) {
      for (const message of await standingIn(world)) {
        const content = messageContent(message);
        contents.push(content);
        messages.push(await nameless(shown(message, content), world));
      }
    }
    seen.set(name, messages.join('\n'));
  }

  test('any of them comes up is as it was judged', async () => {
    const whole = [...seen].map(([name, messages]) => `# ${name}\n${messages}\n`);
    await expect(whole.join('\n')).toMatchFileSnapshot('situations.txt');
  });

  test('it is of elements that clients let through, each of which is closed', () => {
    expect(contents.length).toBeGreaterThan(50);
    for (const { formatted_body: html } of contents) expect(openElements(html)).toEqual([]);
  });
});

/** https://spec.matrix.org/latest/client-server-api/#mroommessage-msgtypes */
const ELEMENT =
  /<(?<end>\/)?(?<name>p|ol|li|strong|em|code|font)(?: color="#\w{6}" data-mx-color="#\w{6}")?>|<br>|<|>/g;

/** What is left open, or stands where nothing of its name is open. */
function openElements(html: string): readonly string[] {
  const open: string[] = [];
  for (const { 0: whole, groups } of html.matchAll(ELEMENT)) {
    if (whole === '<br>') continue;
    const { end, name } = groups ?? {};
    if (end !== undefined && open.at(-1) === name) open.pop();
    else open.push(name ?? whole);
  }
  return open;
}

/** The text for whoever sees no HTML, and the HTML, an element that begins a line on a line of its own. */
function shown(
  { as, reactions = [] }: Outgoing,
  { msgtype, body, formatted_body }: Content,
): string {
  const html = formatted_body.replace(/(<br>|<\/p>|<\/li>|<ol>|<\/ol>)(?!$)/g, '$1\n');
  return [
    `${as}, ${msgtype}`,
    ...body.split('\n').map((line) => `  | ${line}`),
    ...html.split('\n').map((line) => `  ${line}`),
    ...(reactions.length > 0 ? [`  ${reactions.join(' ')}`] : []),
  ].join('\n');
}

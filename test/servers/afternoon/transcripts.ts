import { type Block, readWithButtons } from '../../slack/block-schema.ts';
import type { SlackMessage } from '../../slack/workspace.ts';
import { saidIn, timeless, withoutProgress } from '../evening/transcript.ts';
import { type AfternoonSite, IRC_CHANNEL } from './afternoon-site.ts';
import { isCard } from './asked.ts';
import { type MatrixMessage, seenOnMatrix } from './seen-on-matrix.ts';

/** What each of the three channels shows at the end, without what differs from one afternoon to the next. */
export async function transcripts(site: AfternoonSite) {
  return {
    irc: tidy(ircLines(site)),
    matrix: tidy(matrixLines(await seenOnMatrix(site.onMatrix.cyd, site.room))),
    slack: tidy(slackLines(site)),
  };
}

function tidy(lines: readonly string[]): readonly string[] {
  return withoutProgress(timeless(lines.flatMap((line) => line.split('\n'))));
}

function ircLines({ onIrc }: AfternoonSite): readonly string[] {
  return saidIn(IRC_CHANNEL, onIrc.onlooker.heard).map(({ by, text }) => spoken(by, text));
}

function matrixLines(messages: readonly MatrixMessage[]): readonly string[] {
  const shown = ({ by, body, html, reactions }: MatrixMessage) => [
    spoken(by, isCard({ html }) ? textOfHtml(html) : body),
    ...(reactions.length > 0 ? [`    [${reactions.join('] [')}]`] : []),
  ];
  const threadOf = (id: string) => messages.filter(({ thread }) => thread === id).flatMap(shown);
  return messages
    .filter(({ thread }) => thread === undefined)
    .flatMap((one) => [...shown(one), ...inset(threadOf(one.id))]);
}

/** What a client makes of the elements that the bot uses. */
function textOfHtml(html: string): string {
  let place = 0;
  return html
    .replace(/<li>/g, () => `\n${++place}. `)
    .replace(/<br>|<\/p><p>|<\/ol><p>/g, '\n')
    .replace(/<[^>]+>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

function slackLines({ slackOps, slack }: AfternoonSite): readonly string[] {
  const { users } = slack.workspace;
  const shown = ({ user, text, blocks, reactions }: SlackMessage) => [
    spoken(users.get(user ?? '')?.name ?? '?', textOfBlocks(blocks) ?? text),
    ...[...reactions].map(([name, by]) => `    [:${name}: ${by.size}]`),
  ];
  const threadOf = (ts: string) =>
    slackOps.messages.filter((one) => one.thread_ts === ts && one.ts !== ts).flatMap(shown);
  return slackOps.messages
    .filter(({ thread_ts, ts }) => thread_ts === undefined || thread_ts === ts)
    .flatMap((one) => [...shown(one), ...inset(threadOf(one.ts))]);
}

function textOfBlocks(blocks: readonly Block[]): string | undefined {
  return blocks.length === 0 ? undefined : readWithButtons(blocks);
}

function spoken(by: string, text: string): string {
  return `${`<${by}>`.padEnd(12)} ${text.replace(/\n */g, '\n    ')}`;
}

function inset(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  | ${line}`);
}

import type { SlackMessage } from '../../slack/workspace.ts';
import { eventually } from '../program/eventually.ts';
import { type AfternoonSite, IRC_CHANNEL } from './afternoon-site.ts';
import { type MatrixMessage, seenOnMatrix } from './seen-on-matrix.ts';

/** Ana asks on IRC. Gives the operation, and the message on Matrix that asks for approval. */
export async function asked(site: AfternoonSite, host: string) {
  const { onIrc } = site;
  onIrc.ana.say(IRC_CHANNEL, `!reimage ${host}`);
  const line = await onIrc.onlooker.hears(/!approve op-\w+ /);
  const op = /!approve (op-\w+) /.exec(line)?.[1] ?? '';
  const question = await onMatrix(
    site,
    ({ body, html }) => body.includes(`!approve ${op}`) && !isCard({ html }),
  );
  return { op, question: question.id };
}

/** The first message of the bot in the room that is such, once there is one. */
export async function onMatrix(
  { onMatrix: { cyd }, room }: AfternoonSite,
  isSuch: (message: MatrixMessage) => boolean,
): Promise<MatrixMessage> {
  let found: MatrixMessage | undefined;
  await eventually(async () => {
    const seen = await seenOnMatrix(cyd, room);
    found = seen.find((message) => message.by === 'signalbox' && isSuch(message));
    return found !== undefined;
  });
  return found as MatrixMessage;
}

/** The same on Slack. */
export async function onSlack(
  { slackOps, slack }: AfternoonSite,
  isSuch: (message: SlackMessage) => boolean,
): Promise<SlackMessage> {
  const { bot } = slack.workspace;
  const found = () => slackOps.messages.find((one) => one.user === bot.id && isSuch(one));
  await eventually(() => found() !== undefined);
  return found() as SlackMessage;
}

/** Of all that the bot says, only a card lists steps. */
export function isCard({ html }: Pick<MatrixMessage, 'html'>): boolean {
  return html.includes('<ol>');
}

export function isSlackCard({ blocks }: SlackMessage): boolean {
  return blocks.some(({ type }) => type === 'context');
}

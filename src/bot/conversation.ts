import { Failure } from '../domain/failure.ts';
import { authorize } from '../policies/authorize.ts';
import type { Identified } from '../policies/directory.ts';
import { answer, type Choice } from './answer.ts';
import { approve, deny, withdraw } from './approve.ts';
import type { Bot } from './bot.ts';
import type { ChatNetwork, Incoming, MessageRef, Sender } from './chat-network.ts';
import type { Asker, Command, LaterWork, Reply } from './command.ts';
import { recordUse } from './glass/record-use.ts';
import { addressed } from './grammar/addressed.ts';
import { parseCommand } from './grammar/parse-command.ts';
import { printable } from './grammar/printable.ts';
import { duration } from './narrator/in-words.ts';
import type { Messages } from './narrator/messages.ts';
import { readAskedKey } from './narrator/subject-key.ts';
import { targetable } from './quarantine.ts';
import { directorySilent, refusal, strangerLines } from './refusal.ts';

type Message = Extract<Incoming, { kind: 'message' }>;
type Reaction = Extract<Incoming, { kind: 'reaction' }>;

export interface Conversation {
  readonly bot: Bot;
  readonly network: ChatNetwork;
  readonly messages: Messages;
}

/** Takes in what a network brings: commands are answered where they were typed, reactions count as answers. */
export async function take(conversation: Conversation, incoming: Incoming): Promise<void> {
  if (incoming.kind === 'returned') return tellOfAbsence(conversation, incoming.awayMs);
  const { bot } = conversation;
  const later: LaterWork[] = [];
  const reply = await guarded(bot, shownAs(incoming.sender), () =>
    incoming.kind === 'message'
      ? hear(conversation, incoming, (work) => later.push(work))
      : react(conversation, incoming),
  );
  await say(conversation, incoming.ref, reply, 'reply');
  for (const [place, work] of later.entries()) {
    bot.looks.begin(async (signal) => {
      const found = await guarded(bot, shownAs(incoming.sender), () => work(signal));
      await say(conversation, incoming.ref, found, `later reply ${place + 1}`);
    });
  }
}

/** A moment without the network is nobody's concern. */
const WORTH_TELLING_MS = 5_000;

async function tellOfAbsence({ bot, network }: Conversation, awayMs: number): Promise<void> {
  if (awayMs < WORTH_TELLING_MS) return;
  const lines = [`back after ${duration(awayMs)}: ${bot.prefix}catchup tells what happened`];
  const key = `back at ${bot.now()}`;
  for (const { channel } of bot.channels().filter((one) => one.network === network.name)) {
    await network.post({ channel, key: `${key} in ${channel}`, as: 'notice', lines });
  }
}

async function say(
  { network }: Conversation,
  { channel, id }: MessageRef,
  reply: Reply,
  what: string,
): Promise<void> {
  if (reply.length === 0) return;
  const lines = reply.map((line) => printable(line));
  await network.post({ channel, key: `${what} to ${id}`, as: 'reply', lines });
}

async function hear(
  { bot, network }: Conversation,
  message: Message,
  later: (work: LaterWork) => void,
): Promise<Reply> {
  const callsign = { prefix: bot.prefix, names: [bot.name] };
  const call = addressed(message.text, callsign);
  if (call === undefined) return [];
  const commands = [...bot.commands.values()];
  const facts = await targetable(message.text, bot);
  const grammar = { specs: commands.map(({ spec }) => spec), facts, prefix: bot.prefix };
  const parsed = parseCommand(message.text, grammar, call.from);
  if (parsed.kind === 'problem') return [`${shownAs(message.sender)}: ${parsed.line}`];
  const command = commands.find(({ spec }) => spec === parsed.spec);
  if (command === undefined) return [];
  const asker = await whoAsks(bot, network, message);
  if (asker.silent && command.rights !== 'account') return [directorySilent(asker, asker.silent)];
  const { args, flags } = parsed;
  const text = message.text.slice(call.from).trim();
  return runCommand(command, { asker, args, flags, text, later }, bot);
}

async function runCommand(
  command: Command,
  asked: Parameters<Command['run']>[0],
  bot: Bot,
): Promise<Reply> {
  const { person } = asked.asker;
  if (command.rights === 'known' && person === undefined) return strangerLines(asked.asker);
  if (command.rights === 'account' && asked.asker.account === undefined) {
    return strangerLines(asked.asker);
  }
  if (command.rights === 'rule') {
    const { name, risk } = command.spec;
    const decision = authorize({ person, command: name, risk, target: undefined }, bot.rules());
    if (decision.kind === 'refuse') return [refusal(asked.asker, decision)];
  }
  if (command.spec.risk !== 'read-only') await recordUse(asked.text, asked.asker, bot);
  return command.run(asked, bot);
}

/** A Failure is for the asker; anything else is a bug, which is reported and of which only the fact is told. */
async function guarded(bot: Bot, shown: string, run: () => Promise<Reply>): Promise<Reply> {
  try {
    return await run();
  } catch (problem) {
    if (problem instanceof Failure)
      return [refusal({ shown }, { because: problem.message, next: problem.next })];
    bot.report(problem);
    return [`${shown}: that went wrong in a way nobody foresaw; the log of the bot has it`];
  }
}

/** Whom the directory could not be asked about is nobody, and `silent` says why. */
type Asking = Asker & { readonly silent?: Extract<Identified, { kind: 'unavailable' }> };

async function whoAsks(
  { directory, glass }: Bot,
  { name }: ChatNetwork,
  { sender, ref }: Pick<Message, 'sender' | 'ref'>,
): Promise<Asking> {
  const base = {
    account: sender.id,
    shown: shownAs(sender),
    network: name,
    channel: ref.channel,
    message: { network: name, message: ref.id },
  };
  if (sender.id === undefined) {
    const because = `${name} does not vouch for who you are`;
    return { ...base, person: undefined, unknown: { because, next: 'Log in there first.' } };
  }
  await glass.state();
  const found = await directory.identify(name, sender.id, 'cached');
  switch (found.kind) {
    case 'person':
      return { ...base, person: found.person };
    case 'nobody':
      return { ...base, person: undefined, unknown: found };
    case 'unavailable':
      return { ...base, person: undefined, silent: found };
    default:
      return found satisfies never;
  }
}

/** What people see of a sender is shown back to them, never trusted, and never with control characters. */
function shownAs({ shown }: Sender): string {
  return printable(shown, 64);
}

const YES = '👍';
const NO = '👎';

async function react(conversation: Conversation, reaction: Reaction): Promise<Reply> {
  const { bot, network, messages } = conversation;
  const key = await messages.subjectOf(network.name, reaction.on.id);
  const asked = key === undefined ? undefined : readAskedKey(key);
  if (asked === undefined) return [];
  const asker = await whoAsks(bot, network, reaction);
  if (asker.silent) return [directorySilent(asker, asker.silent)];
  const emoji = plainEmoji(reaction.emoji);
  await recordUse(`${emoji} ${asked.op}`, asker, bot);
  if (reaction.change === 'removed') {
    const approval = asked.kind === 'approval' && emoji === YES;
    return approval ? withdraw(asked.op, asked.subject, asker, bot) : [];
  }
  if (asked.kind === 'prompt') {
    const choose: Choice = (prompt) =>
      prompt.id === asked.prompt
        ? prompt.options.find((option) => plainEmoji(option.emoji) === emoji)
        : 'superseded';
    return answer(asked.op, choose, reaction.emoji, asker, bot);
  }
  if (emoji === YES) return approve(asked.op, asked, asker, bot);
  if (emoji === NO) return deny(asked.op, asked, asker, bot);
  return [];
}

/** Variation selectors and skin tones say nothing here. */
function plainEmoji(emoji: string): string {
  return emoji.replace(/[\u{FE0E}\u{FE0F}\u{1F3FB}-\u{1F3FF}]/gu, '');
}

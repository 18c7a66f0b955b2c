import { Failure } from '../domain/failure.ts';
import { authorize } from '../policies/authorize.ts';
import type { Bot } from './bot.ts';
import type { ChatNetwork, Incoming, MessageRef, NotTaken } from './chat-network.ts';
import {
  type Answered,
  type Asker,
  type Command,
  type LaterWork,
  linesIn,
  type Reply,
} from './command.ts';
import { recordUse } from './glass/record-use.ts';
import { addressed } from './grammar/addressed.ts';
import { parseCommand } from './grammar/parse-command.ts';
import { printable } from './grammar/printable.ts';
import { createManners, type Manners } from './manners/manners.ts';
import type { Absences } from './narrator/absences.ts';
import { duration } from './narrator/in-words.ts';
import type { Messages } from './narrator/messages.ts';
import { type Asked, readAskedKey } from './narrator/subject-key.ts';
import { noteOutcome, type Outcome } from './outcome.ts';
import { targetable } from './quarantine.ts';
import { isAnswer, react } from './react.ts';
import { reactedKey } from './reacted-key.ts';
import { directorySilent, refusal, strangerLines } from './refusal.ts';
import { refusedOf } from './refusals/refusals.ts';
import { tellOfAbsence } from './tell-of-absence.ts';
import { type Asking, askerOf, type Note, shownAs, whoAsks } from './who-asks.ts';

type Message = Extract<Incoming, { kind: 'message' }>;
type Reaction = Extract<Incoming, { kind: 'reaction' }>;

export interface ConversationOptions {
  readonly bot: Bot;
  readonly network: ChatNetwork;
  readonly messages: Messages;
  readonly absences: Absences;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
}

/** Takes in what a network brings; settles when it was dealt with. */
export type Take = (incoming: Incoming) => Promise<void>;

interface Conversation extends ConversationOptions {
  readonly manners: Manners;
}

/**
 * Commands are answered where they were typed, reactions count as answers. What steers operations goes before everything
 * else, and who asks for too much is told so once.
 */
export function openConversation(options: ConversationOptions): Take {
  const { bot, network } = options;
  const manners = createManners({ bot, network, clock: options.clock });
  const conversation = { ...options, manners };
  return async (incoming) => {
    if (incoming.kind === 'returned') return tellOfAbsence(options, incoming);
    const from = incoming.kind === 'message' ? callIn(incoming, bot) : 0;
    if (from === undefined) return passedOver(incoming, 'misread');
    const text = incoming.kind === 'message' ? incoming.text.slice(from).trim() : '';
    const turn = manners.admit(incoming, text);
    if (turn.kind === 'declined') await say(conversation, incoming.ref, turn.lines, 'reply');
    if (turn.kind === 'declined') return passedOver(incoming, 'refused');
    await turn.run(() => dealWith(conversation, incoming, from));
  };
}

function passedOver(incoming: Message | Reaction, outcome: 'misread' | 'refused'): void {
  if (incoming.kind === 'message') incoming.came?.({ outcome, operations: [] });
}

/** Where the command begins in a message that is for the bot. */
function callIn({ text }: Message, { prefix, name }: Bot): number | undefined {
  return addressed(text, { prefix, names: [name] })?.from;
}

async function dealWith(
  conversation: Conversation,
  incoming: Message | Reaction,
  from: number,
): Promise<void> {
  const { bot } = conversation;
  const shown = shownAs(incoming.sender);
  const later: LaterWork[] = [];
  const outcome = noteOutcome(incoming.kind === 'message' ? incoming.came : undefined);
  const noted: Promise<void>[] = [];
  const note: Note = (asker, because) => {
    const refused = refusedOf(asker, because, typedIn(incoming, from), bot.redact);
    noted.push(bot.refusals.write(refused).catch(bot.report));
  };
  const unknown = askerOf(incoming, conversation.network.name);
  const speaker = { shown, note: (because: string) => note(unknown, because) };
  const reply = await guarded(bot, speaker, () =>
    incoming.kind === 'message'
      ? hear(conversation, incoming, { from, outcome, later: (work) => later.push(work), note })
      : answerReaction(conversation, incoming, note),
  );
  await Promise.all(noted);
  const isRepeated = mayComeAgain(incoming, conversation) && later.length === 0;
  const tell = isRepeated && outcome.mayRepeat() ? post : say;
  await tell(conversation, incoming.ref, briefly(conversation, incoming, linesIn(reply)), 'reply');
  outcome.partDone(reply, later.length + 1);
  for (const [place, work] of later.entries()) {
    bot.looks.begin(async (signal) => {
      const found = await guarded(bot, speaker, () => work(signal));
      await say(conversation, incoming.ref, linesIn(found), `later reply ${place + 1}`);
      outcome.partDone(found, later.length + 1);
    });
  }
}

/** What was said a moment ago stands there still. */
function briefly({ manners }: Conversation, { ref, sender }: Message | Reaction, reply: Reply) {
  const agoMs = reply.length > 1 ? manners.repeats.agoMs(ref.channel, reply) : undefined;
  if (agoMs === undefined) return reply;
  const ago = agoMs < 1_000 ? 'just now' : `${duration(agoMs)} ago`;
  return [`${shownAs(sender)}: the same as ${ago}, see above`];
}

/** What a network keeps it brings again, until it is so old that its author is told just that. */
function mayComeAgain(incoming: Message | Reaction, { network }: Conversation): boolean {
  return network.keeps === true && incoming.kind === 'message' && incoming.refused === undefined;
}

/** A network that is just away reads none of it; its people type it again. */
async function say(
  conversation: Conversation,
  to: MessageRef,
  reply: Reply,
  what: string,
): Promise<void> {
  try {
    await post(conversation, to, reply, what);
  } catch (problem) {
    if (!(problem instanceof Failure)) throw problem;
    conversation.bot.report(problem);
  }
}

async function post(
  { network, manners }: Conversation,
  to: MessageRef,
  reply: Reply,
  what: string,
): Promise<void> {
  if (reply.length === 0) return;
  const lines = reply.map((line) => printable(line));
  const { channel } = to;
  try {
    await network.post({ channel, key: `${what} to ${to.id}`, as: 'reply', lines, to });
  } catch (problem) {
    manners.repeats.forget(channel, reply);
    throw problem;
  }
}

/** What was typed, without the prefix; of a reaction, the sign. */
function typedIn(incoming: Message | Reaction, from: number): string {
  return incoming.kind === 'message' ? incoming.text.slice(from).trim() : incoming.emoji;
}

interface Hearing {
  /** Where the command begins. */
  readonly from: number;
  readonly outcome: Outcome;
  readonly later: (work: LaterWork) => void;
  readonly note: Note;
}

async function hear(
  { bot, network }: Conversation,
  message: Message,
  { from, outcome, later, note }: Hearing,
): Promise<Answered> {
  if (message.refused) return notHeard(await whoAsks(bot, network, message, note), message.refused);
  const commands = [...bot.commands.values()];
  const facts = await targetable(message.text, bot);
  const grammar = { specs: commands.map(({ spec }) => spec), facts, prefix: bot.prefix };
  const parsed = parseCommand(message.text, grammar, from);
  if (parsed.kind === 'problem') {
    // What is said about arguments has names of hosts in it, and those are for people whom the directory knows.
    const meant = bot.commands.get(parsed.command ?? '');
    if (meant !== undefined) {
      const asker = await whoAsks(bot, network, message, note);
      const isStranger = asker.person === undefined;
      if (isStranger && !isForAnybody(meant, asker, bot)) return { refused: nobodyLines(asker) };
    }
    outcome.misread();
    note(askerOf(message, network.name), parsed.line);
    return [`${shownAs(message.sender)}: ${parsed.line}`];
  }
  const command = commands.find(({ spec }) => spec === parsed.spec);
  if (command === undefined) return [];
  const asker = await whoAsks(bot, network, message, note);
  if (asker.silent && !isForAnybody(command, asker, bot)) {
    return { refused: nobodyLines(asker) };
  }
  const { args, flags } = parsed;
  const text = message.text.slice(from).trim();
  const asked = { asker, args, flags, text, later, began: outcome.began };
  return runCommand(command, asked, outcome, bot);
}

function nobodyLines(asker: Asking): Reply {
  return asker.silent ? [directorySilent(asker, asker.silent)] : strangerLines(asker);
}

function notHeard(asker: Asker, refused: NotTaken): Answered {
  const line = refusal(asker, refused);
  return { refused: refused.quietly ? [] : [line] };
}

/** Also while nobody can say who asks. */
function isForAnybody({ rights, spec: { name, risk } }: Command, from: Asker, bot: Bot): boolean {
  if (rights !== 'rule') return rights === 'account';
  const nobody = { person: undefined, command: name, risk, target: undefined, from };
  return authorize(nobody, bot.policy()).kind === 'allow';
}

async function runCommand(
  command: Command,
  asked: Parameters<Command['run']>[0],
  outcome: Pick<Outcome, 'acts'>,
  bot: Bot,
): Promise<Answered> {
  const { asker } = asked;
  const { person } = asker;
  const { name, risk } = command.spec;
  if (command.rights === 'known' && person === undefined) {
    return { refused: strangerLines(asked.asker) };
  }
  if (command.rights === 'account' && asked.asker.account === undefined) {
    return { refused: strangerLines(asked.asker) };
  }
  if (command.rights === 'rule') {
    const decision = authorize(
      { person, command: name, risk, target: undefined, from: asker },
      bot.policy(),
    );
    if (decision.kind === 'refuse') return { refused: [refusal(asked.asker, decision)] };
  }
  // An operation is known by the message that asked for it.
  if (risk !== 'read-only' && !bot.runbooks.has(name)) outcome.acts();
  if (risk !== 'read-only') await recordUse(asked.text, asked.asker, bot);
  return command.run(asked, bot);
}

async function answerReaction(
  { bot, network, messages }: Conversation,
  reaction: Reaction,
  note: Note,
): Promise<Answered> {
  const asked = await askedBy(reaction.on, messages, network);
  if (asked === undefined) return onlyQuoted({ bot, network, messages }, reaction, note);
  if (reaction.refused)
    return notHeard(await whoAsks(bot, network, reaction, note), reaction.refused);
  const isNew = reaction.change === 'added';
  if (isNew && (await messages.subjectOf(network.name, reaction.ref.id)) !== undefined) return [];
  const asker = await whoAsks(bot, network, reaction, note);
  if (asker.silent) return [directorySilent(asker, asker.silent)];
  const answered = await react(asked, reaction, asker, bot);
  if (isNew && network.reactionsOn && !reaction.pressed)
    await rememberReaction(reaction, messages, network);
  return answered;
}

async function askedBy(
  { id }: MessageRef,
  messages: Messages,
  { name }: ChatNetwork,
): Promise<Asked | undefined> {
  const key = await messages.subjectOf(name, id);
  return key === undefined ? undefined : readAskedKey(key);
}

/** Whoever reacts to somebody's words about a question did not answer the question. */
async function onlyQuoted(
  { bot, network, messages }: Pick<Conversation, 'bot' | 'network' | 'messages'>,
  reaction: Reaction,
  note: Note,
): Promise<Answered> {
  const { quotes, change } = reaction;
  if (quotes === undefined || change === 'removed' || !isAnswer(reaction.emoji)) return [];
  const asked = await askedBy(quotes, messages, network);
  if (asked === undefined) return [];
  const asker = await whoAsks(bot, network, reaction, note);
  const because = `that message only quotes what ${asked.op} asks`;
  const next = 'React to the question itself.';
  return { refused: [refusal(asker, { because, next })] };
}

/** So that it is known later that it was dealt with, and whose it was. */
async function rememberReaction(
  { ref, on, emoji, sender }: Reaction,
  messages: Messages,
  { name }: ChatNetwork,
): Promise<void> {
  const key = reactedKey({ on: on.id, emoji, account: sender.id ?? '' });
  await messages.remember(name, key, ref.id);
}

/** A Failure is for the asker; anything else is a bug, which is reported and of which only the fact is told. */
async function guarded(
  bot: Bot,
  speaker: Pick<Asker, 'shown' | 'note'>,
  run: () => Promise<Answered>,
): Promise<Answered> {
  try {
    return await run();
  } catch (problem) {
    if (problem instanceof Failure)
      return { refused: [refusal(speaker, { because: problem.message, next: problem.next })] };
    bot.report(problem);
    const line = `${speaker.shown}: that went wrong in a way nobody foresaw; the log of the bot has it`;
    return { refused: [line] };
  }
}

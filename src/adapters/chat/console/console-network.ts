import { randomUUID } from 'node:crypto';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type {
  ChatNetwork,
  Incoming,
  MessageRef,
  Outgoing,
  Sender,
} from '../../../bot/chat-network.ts';
import { Failure } from '../../../domain/failure.ts';
import { postedOnce } from '../common/posted-once.ts';
import { readHistory, writeHistory } from './history-file.ts';
import { plainScreen } from './plain-screen.ts';
import type { Screen } from './screen.ts';
import { terminalScreen } from './terminal-screen.ts';
import { readTypedLine, type TypedLine } from './typed-line.ts';

/** What could stand at the end of a line; each candidate replaces everything from the offset `start` on. */
interface LineCompletion {
  readonly start: number;
  readonly candidates: readonly string[];
}

export interface ConsoleOptions {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** The one channel there is. */
  readonly channel: string;
  /** The bot's name, before what it says. */
  readonly name: string;
  /** Whom the terminal vouches for now. Only a lab lets people choose. */
  readonly speaker: () => Sender;
  /** A line that begins with `/`, except `/react`; what it returns is printed. `/quit` ends the console after it. */
  readonly local: (line: string) => Promise<readonly string[]>;
  readonly complete?: (line: string) => LineCompletion | Promise<LineCompletion>;
  /** Where what was typed is kept, for an interactive console. */
  readonly historyFile?: string;
  readonly environment?: { readonly NO_COLOR?: string | undefined };
}

export interface ConsoleNetwork extends ChatNetwork {
  /** Settles when the input ended or somebody quit, and everything typed before was taken; rejects on a bug. */
  readonly closed: Promise<void>;
}

/** The terminal as a chat network: interactive at a terminal, one line a message anywhere else. */
export function consoleNetwork(options: ConsoleOptions): ConsoleNetwork {
  const { channel, speaker, local } = options;
  const posted = postedOnce();
  // Ids are not used again by another process: a message counts once in a journal that outlives us.
  const session = randomUUID().slice(0, 8);
  let count = 0;
  const newRef = () => ({ channel, id: `${session}-${++count}` });
  const closed = Promise.withResolvers<void>();
  let terminal: Terminal | undefined;
  let newestPrompt: string | undefined;
  let work = Promise.resolve();

  const incoming = (
    typed: Exclude<TypedLine, { kind: 'nothing' | 'local' }>,
  ): Incoming | string => {
    const base = { ref: newRef(), sender: speaker() };
    if (typed.kind === 'message') return { ...base, ...typed };
    if (newestPrompt === undefined) return 'There is nothing to react to yet.';
    return { ...base, ...typed, on: { channel, id: newestPrompt } };
  };

  const handle = async (line: string, open: Terminal, take: Take) => {
    const typed = readTypedLine(line);
    if (typed.kind === 'nothing') return;
    if (typed.kind === 'local') {
      open.screen.note(await answerLocally(typed.line, local));
      if (typed.line === '/quit') open.readline.close();
      return;
    }
    const said = incoming(typed);
    if (typeof said === 'string') open.screen.note([said]);
    else await take(said);
  };

  async function say(message: Outgoing): Promise<MessageRef> {
    const ref = newRef();
    posted.remember(message, ref);
    if (message.as === 'prompt') newestPrompt = ref.id;
    terminal?.screen.show(message);
    return ref;
  }

  return {
    name: 'console',
    can: { edit: false, threads: false, reactions: true, files: false, formatting: 'plain' },
    private: true,
    closed: closed.promise,
    async start(take) {
      const open = openTerminal(options);
      terminal = open;
      open.readline.on('line', (line) => {
        open.lineTaken();
        work = work.then(() => handle(line, open, take));
        work.catch(closed.reject);
      });
      // A terminal that is gone cannot be set back to how it was; that ends the input, and nothing else.
      open.readline.on('error', () => undefined);
      open.readline.once('close', () => {
        work.then(closed.resolve, closed.reject);
      });
    },
    post: (message) => posted.once(message, say),
    async edit() {
      throw new TypeError('a console cannot edit what it has printed');
    },
    async stop() {
      terminal?.readline.close();
      await work;
    },
  };
}

type Take = (incoming: Incoming) => Promise<void>;

async function answerLocally(
  line: string,
  local: ConsoleOptions['local'],
): Promise<readonly string[]> {
  try {
    return await local(line);
  } catch (problem) {
    if (problem instanceof Failure) return [`${problem.message}. ${problem.next}`];
    throw problem;
  }
}

interface Terminal {
  readonly readline: Interface;
  readonly screen: Screen;
  lineTaken(): void;
}

function openTerminal(options: ConsoleOptions): Terminal {
  const { input, output, name } = options;
  if (input.isTTY && output.isTTY) return interactive(options);
  const readline = createInterface({ input, terminal: false });
  return { readline, screen: plainScreen(output, name), lineTaken: () => undefined };
}

function interactive(options: ConsoleOptions): Terminal {
  const { input, output, name, channel, speaker, complete, historyFile } = options;
  const prompt = () => `${speaker().shown}@${channel}> `;
  const readline = createInterface({
    input,
    output,
    terminal: true,
    prompt: prompt(),
    removeHistoryDuplicates: true,
    ...(historyFile && { history: readHistory(historyFile) }),
    ...(complete && { completer: completer(complete) }),
  });
  if (historyFile) readline.on('history', (lines: string[]) => writeHistory(historyFile, lines));
  // An empty or unset NO_COLOR says nothing (no-color.org).
  const colour = !options.environment?.NO_COLOR;
  const screen = terminalScreen({ output, readline, name, prompt, colour });
  readline.prompt();
  return { readline, screen, lineTaken: screen.lineTaken };
}

type Completer = (line: string, done: (error: null, found: [string[], string]) => void) => void;

/** What cannot be completed is left as it is; a terminal does not stop over it. */
function completer(complete: NonNullable<ConsoleOptions['complete']>): Completer {
  return (line, done) => {
    Promise.try(complete, line).then(
      ({ start, candidates }) => done(null, [finished(candidates), line.slice(start)]),
      () => done(null, [[], line]),
    );
  };
}

/** The only candidate is the whole word, and the next one may follow; an option waits for its value. */
function finished(candidates: readonly string[]): string[] {
  const [only, ...others] = candidates;
  return only !== undefined && others.length === 0 && !only.endsWith('=')
    ? [`${only} `]
    : [...candidates];
}

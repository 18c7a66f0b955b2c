import { askBot } from '../../adapters/chat/terminal/ask-bot.ts';
import { socketIn } from '../../adapters/chat/terminal/socket-in.ts';
import { inside } from '../../adapters/config/config-part.ts';
import { loadConfiguration } from '../../adapters/config/load-configuration.ts';
import { Failure } from '../../domain/failure.ts';
import type { ConfigOption } from '../with-program.ts';

const EXIT_CODES = { done: 0, failed: 1, misread: 2 } as const;
const NOBODY_ANSWERED = 3;

export interface RunOptions extends ConfigOption {
  readonly socket?: string;
  readonly wait?: true;
}

/** One command from a terminal or cron, as the Unix user it comes from. The exit code says how it ended. */
export async function runCommand(command: string, options: RunOptions): Promise<void> {
  if (!/[\p{L}\p{N}]/u.test(command)) return tellEmpty(command);
  const socket = options.socket ?? (await configuredSocket(options.config));
  try {
    const outcome = await askBot({
      socket,
      command,
      wait: options.wait ?? false,
      print: (line) => process.stdout.write(`${line}\n`),
    });
    process.exitCode = EXIT_CODES[outcome];
  } catch (problem) {
    if (!(problem instanceof Failure)) throw problem;
    process.stderr.write(`signalbox: ${problem.message}. ${problem.next}\n`);
    process.exitCode = NOBODY_ANSWERED;
  }
}

function tellEmpty(command: string): void {
  process.stderr.write(
    `signalbox: "${command}" is no command: expected one as in chat, such as signalbox run 'ops'. Type signalbox run 'help' for what there is.\n`,
  );
  process.exitCode = EXIT_CODES.misread;
}

/** As the bot finds it, which takes the right to read the configuration. */
async function configuredSocket(config: string): Promise<string> {
  const { settings } = await loadConfiguration(config);
  const part = settings.networks.get('terminal');
  const named = part && inside(part, 'socket').value;
  return typeof named === 'string' ? named : socketIn(settings.store.data);
}

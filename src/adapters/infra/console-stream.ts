import * as z from 'zod';
import { Failure } from '../../domain/failure.ts';
import type { HostName } from '../../domain/ids.ts';
import type { ConsoleLog, ConsoleReader } from '../../jobs/ports/console-log.ts';
import type { ClaimedRun } from '../../jobs/ports/remote-shell.ts';
import { type DriverEnvironment, defineDriver } from '../driver.ts';
import { CAPTURE, END_CAPTURE } from './console/capture-scripts.ts';
import {
  ConsoleOn,
  describeConsole,
  hostOfConsole,
  placeOfConsole,
} from './console/console-place.ts';
import { consoleText } from './console/console-text.ts';
import { formatLogCursor, NOT_THERE_YET } from './console/log-cursor.ts';
import { type LogPlace, readLog } from './console/read-log.ts';
import { formatStreamCursor, parseStreamCursor } from './console/stream-cursor.ts';
import { quoteWords } from './ssh/quote.ts';

/** Of one operation. A console that ends every capture is not started for ever. */
const MOST_CAPTURES = 50;
/** Ended by `close`, or by its longest time, killed if it did not mind that. */
const ENDED_BY_US = [124, 137, 143];

const StreamConsoleConfig = z.strictObject({
  on: ConsoleOn,
  /** Prints the console until it is ended. `{host}` and `{bmc}` are those of the host whose console it is. */
  command: z
    .array(z.string().min(1))
    .min(1, 'expected a command such as [virsh, console, "{host}"]'),
  folder: z
    .string()
    .regex(/^\/(?!.*(?:^|\/)\.\.(?:\/|$))/, 'expected a folder from the root')
    .default('/var/lib/signalbox/console'),
  /** A capture that nobody ends lets go of the console by itself. */
  'longest-minutes': z
    .int()
    .min(1)
    .max(24 * 60)
    .default(60),
});
type StreamConsoleConfig = z.infer<typeof StreamConsoleConfig>;

/**
 * A command that prints the console, such as `ipmitool … sol activate`. It runs detached under the shell's claim on a
 * host and writes to a file there, which is what is read: the stream goes on while no worker looks.
 */
export default defineDriver({
  port: 'console',
  product: 'console-stream',
  config: StreamConsoleConfig,
  connect: (config, environment) => ({
    port: consoleStream(config, environment),
    check: async () =>
      describeConsole(environment.inventory.current(), config.on, config.command.join(' ')),
    close: async () => {},
  }),
});

function consoleStream(config: StreamConsoleConfig, environment: DriverEnvironment): ConsoleLog {
  const { inventory, shell } = environment;

  function placeOf(host: HostName, { op }: ConsoleReader): LogPlace {
    const on = placeOfConsole(inventory.current(), config.on, host);
    return { on, path: `${config.folder}/${op}.${host}.log` };
  }

  async function capture(
    host: HostName,
    reader: ConsoleReader,
    attempt: number,
    signal: AbortSignal,
  ): Promise<ClaimedRun> {
    const { on, path } = placeOf(host, reader);
    const line = quoteWords(commandFor(host, config, environment));
    const limit = `${config['longest-minutes'] * 60}`;
    const argv = ['sh', '-c', CAPTURE, 'signalbox', path, limit, line];
    const claim = { ...reader, step: 'console', attempt, part: 'capture' };
    return shell().startClaimed(on, claim, { argv, asRoot: true }, signal);
  }

  return {
    async end(host, reader, signal) {
      const place = placeOf(host, reader);
      for (let attempt = 1; attempt <= MOST_CAPTURES; attempt += 1) {
        if ((await capture(host, reader, attempt, signal)).kind !== 'running') continue;
        const found = await readLog(shell(), place, 'end', signal);
        return formatStreamCursor(attempt, formatLogCursor(found?.next ?? NOT_THERE_YET));
      }
      throw noCapture(host, place);
    },
    async read(host, from, reader, signal) {
      const place = placeOf(host, reader);
      const cursor = parseStreamCursor(from);
      if (cursor.capture > MOST_CAPTURES) throw noCapture(host, place);
      const run = await capture(host, reader, cursor.capture, signal);
      const part = await readLog(shell(), place, cursor.at, signal);
      const found = part && consoleText(part, place);
      const attempt = run.kind === 'running' ? cursor.capture : cursor.capture + 1;
      const next = formatStreamCursor(attempt, found?.next ?? formatLogCursor(cursor.at));
      const remark = found?.remark ?? endOf(run);
      return { text: '', more: false, ...found, next, ...(remark !== undefined && { remark }) };
    },
    async close(host, reader, signal) {
      const { on, path } = placeOf(host, reader);
      const argv = ['sh', '-c', END_CAPTURE, 'signalbox', path];
      await shell().run(on, { argv, asRoot: true }, signal);
    },
  };
}

function commandFor(
  name: HostName,
  { command }: StreamConsoleConfig,
  { inventory }: DriverEnvironment,
): readonly string[] {
  const { bmc } = hostOfConsole(inventory.current(), name);
  return command.map((word) => word.replaceAll('{host}', name).replaceAll('{bmc}', bmc ?? ''));
}

/** Why a capture is over, where it was not ended by us. */
function endOf(run: ClaimedRun): string | undefined {
  if (run.kind === 'running') return undefined;
  if (run.kind === 'lost') return `the capture of the console is gone: ${run.because}`;
  if (ENDED_BY_US.includes(run.code)) return undefined;
  return `the capture of the console ended with code ${run.code} and is started anew`;
}

function noCapture(host: HostName, { on, path }: LogPlace): Failure {
  return new Failure({
    code: 'console.no-capture',
    problem: `the console of ${host} cannot be captured`,
    because: `${MOST_CAPTURES} captures ended, one after the other`,
    effect: 'none',
    next: `Look at ${path} on ${on}: it has what the command said.`,
  });
}

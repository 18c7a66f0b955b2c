import * as z from 'zod';
import { Failure } from '../../domain/failure.ts';
import type { HostName } from '../../domain/ids.ts';
import type { ConsoleLog } from '../../jobs/ports/console-log.ts';
import { type DriverEnvironment, defineDriver } from '../driver.ts';
import { ConsoleOn, describeConsole, placeOfConsole } from './console/console-place.ts';
import { consoleText } from './console/console-text.ts';
import { formatLogCursor, NOT_THERE_YET, parseLogCursor } from './console/log-cursor.ts';
import { type LogPlace, readLog } from './console/read-log.ts';

const FileConsoleConfig = z.strictObject({
  on: ConsoleOn,
  /** `{host}` is the name of the host whose console it is. */
  path: z
    .string()
    .regex(
      /^\/(?!.*(?:^|\/)\.\.(?:\/|$)).*\{host\}/,
      'expected a path from the root with {host} in it, such as /var/log/libvirt/qemu/{host}-serial.log',
    ),
});

/** A log that something else writes: libvirt for a guest with a serial log, conserver for metal. */
export default defineDriver({
  port: 'console',
  product: 'console-file',
  config: FileConsoleConfig,
  connect: (config, environment) => ({
    port: consoleFile(config, environment),
    check: async () => describeConsole(environment.inventory.current(), config.on, config.path),
    close: async () => {},
  }),
});

function consoleFile(
  { on, path }: z.infer<typeof FileConsoleConfig>,
  { inventory, shell }: DriverEnvironment,
): ConsoleLog {
  const placeOf = (host: HostName): LogPlace => ({
    on: placeOfConsole(inventory.current(), on, host),
    path: path.replaceAll('{host}', host),
  });
  return {
    async end(host, _reader, signal) {
      const found = await readLog(shell(), placeOf(host), 'end', signal);
      return formatLogCursor(found?.next ?? NOT_THERE_YET);
    },
    async read(host, from, _reader, signal) {
      const place = placeOf(host);
      const part = await readLog(shell(), place, parseLogCursor(from), signal);
      if (part === undefined) throw noFile(place);
      return consoleText(part, place);
    },
    close: async () => {},
  };
}

function noFile({ on, path }: LogPlace): Failure {
  return new Failure({
    code: 'console.no-log',
    problem: `there is no console log ${path}`,
    because: `${on} has no such file`,
    effect: 'none',
    next: `Let the console be logged there, or correct zones.….drivers.console in signalbox.yaml.`,
  });
}

import type { ServerChannel } from 'ssh2';
import { parseRemoteLine } from '../adapters/infra/ssh/remote-line.ts';
import { parseScriptCall } from '../adapters/infra/ssh/script-call.ts';
import { unwrapped } from '../adapters/simulated/fleet/commands.ts';
import type { Fleet } from '../adapters/simulated/fleet/fleet.ts';
import type { CommandResult } from '../adapters/simulated/fleet/lab-host.ts';
import { processEnd } from '../adapters/simulated/fleet/process-end.ts';
import { sshWords } from './ssh-words.ts';

export interface ExecCall {
  readonly fleet: Fleet;
  readonly host: string;
  readonly line: string;
  readonly channel: ServerChannel;
}

const NOT_SIMULATED = { code: 126, stdout: '', stderr: 'not simulated\n' };
/** Without the host nobody says how the command ended: the connection is cut instead. */
export type ExecEnd = 'answered' | 'lost';

/** Runs the line of an exec request on the model, and answers as a host would. */
export async function sshExec({ fleet, host, line, channel }: ExecCall): Promise<ExecEnd> {
  const argv = parseRemoteLine(line)?.argv ?? sshWords(line);
  if (argv === undefined || argv.length === 0) return answer(channel, NOT_SIMULATED);
  const isCut = new AbortController();
  channel.once('close', () => isCut.abort());
  const stdin = readsStdin(argv) ? await inputOf(channel) : '';
  if (stdin === undefined || fleet.host(host).bootId === undefined) return 'lost';
  // Whoever hangs up stops nothing: the command goes on.
  const process = fleet.exec(host, argv, stdin);
  const end = await processEnd(fleet, process, { signal: isCut.signal });
  return end.kind === 'ended' ? answer(channel, end.result) : 'lost';
}

/** The others start at once, even when nobody ever closes their input. */
function readsStdin(argv: readonly string[]): boolean {
  const words = unwrapped(argv);
  if (parseScriptCall(words) !== undefined || words.includes('/dev/stdin')) return true;
  return words[0] === 'cat' && words.length === 1;
}

/** Undefined when the channel was cut before the end of the input. */
function inputOf(channel: ServerChannel): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    channel.on('data', (chunk: Buffer) => chunks.push(chunk));
    channel.once('end', () => resolve(Buffer.concat(chunks)));
    channel.once('close', () => resolve(undefined));
  });
}

function answer(channel: ServerChannel, { code, stdout, stderr }: CommandResult): ExecEnd {
  if (stderr !== '') channel.stderr.write(stderr);
  if (stdout !== '') channel.write(stdout);
  channel.exit(code);
  channel.end();
  return 'answered';
}

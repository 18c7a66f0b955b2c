import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Failure } from '../../../domain/failure.ts';
import { noClient } from './no-client.ts';

/** The first one with KnownHostsCommand (release notes of OpenSSH 8.5). */
const OLDEST = [8, 5] as const;

/** E.g. `OpenSSH_9.2p1`; a Failure when there is no ssh or one that is too old. */
export async function clientVersion(): Promise<string> {
  const { stderr } = await promisify(execFile)('ssh', ['-V']).catch(noClient);
  const [version, major, minor] = /^OpenSSH_(\d+)\.(\d+)\w*/.exec(stderr) ?? [];
  const older = Number(major) - OLDEST[0] || Number(minor) - OLDEST[1];
  if (version !== undefined && older >= 0) return version;
  throw new Failure({
    code: 'ssh.no-client',
    problem: 'ssh cannot be used',
    because: `it is ${version ?? stderr.trim()}`,
    effect: 'none',
    next: `Install OpenSSH ${OLDEST.join('.')} or later where signalbox runs, or use node-ssh as shell.`,
  });
}

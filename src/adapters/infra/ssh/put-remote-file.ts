import { createHash } from 'node:crypto';
import { Failure } from '../../../domain/failure.ts';
import type { RemoteShell } from '../../../jobs/ports/remote-shell.ts';
import { NOT_PUT } from './put-file-script.ts';
import type { Run } from './run-command.ts';
import { formatScriptCall } from './script-call.ts';

/** Octal as a configuration has it, with or without the leading zero. */
const MODE = /^[0-7]{3,5}$/;

export function putRemoteFile(run: Run): RemoteShell['putFile'] {
  return async (host, { path, content, mode, owner }, signal) => {
    if (!path.startsWith('/') || path.endsWith('/')) {
      throw new TypeError(`Expected an absolute path of a file, not ${JSON.stringify(path)}`);
    }
    if (!MODE.test(mode))
      throw new TypeError(`Expected a mode such as 0600, not ${JSON.stringify(mode)}`);
    const argv = formatScriptCall({
      script: 'put-file',
      path,
      mode: Number.parseInt(mode, 8).toString(8),
      owner,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
    const { code, stdout, stderr } = await run(
      host,
      { argv, stdin: content, asRoot: true },
      signal,
    );
    const answer = stdout.trim();
    if (code === 0 && (answer === 'written' || answer === 'unchanged')) return answer;
    throw new Failure({
      code: 'ssh.file-not-written',
      problem: `${path} on ${host} could not be written`,
      because: stderr.trim() || `the script ended with ${code}`,
      effect: code === NOT_PUT ? 'none' : 'unknown',
      next: `A reader sees the old file or the new one, never a part. Check the directory, its room and the owner ${owner} on ${host}.`,
    });
  };
}

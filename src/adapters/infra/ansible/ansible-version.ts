import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Failure, rootMessage } from '../../../domain/failure.ts';

const run = promisify(execFile);

/** As it names itself, e.g. `ansible-playbook [core 2.14.18]`. */
export async function ansibleVersion(signal: AbortSignal): Promise<string> {
  try {
    const { stdout } = await run('ansible-playbook', ['--version'], { signal });
    return stdout.split('\n')[0]?.trim() ?? '';
  } catch (cause) {
    throw notInstalled('ansible-playbook', cause);
  }
}

export function notInstalled(program: string, cause: unknown): Failure {
  return new Failure({
    code: 'ansible.not-installed',
    problem: `${program} could not be started`,
    because: rootMessage(cause),
    effect: 'none',
    next: 'Install ansible-core where workers run, and the bot, which previews, so that it is on their PATH.',
    cause,
  });
}

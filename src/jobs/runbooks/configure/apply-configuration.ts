import { Failure } from '../../../domain/failure.ts';
import type { HostName, ImageId } from '../../../domain/ids.ts';
import { defineStep, type StepContext } from '../../model/runbook.ts';
import { configure } from '../reimage/configure.ts';

type Context = StepContext<{ readonly host: HostName; readonly image: ImageId }>;

/**
 * The same as on a fresh installation, on a host that somebody relies on: there a failure in the middle leaves behind
 * what was done before it, and must not pass for one that left nothing.
 */
export const applyConfiguration = defineStep({
  ...configure,
  async run(context) {
    try {
      return await configure.run(context);
    } catch (problem) {
      throw problem instanceof Failure && mayHaveActed(problem, context)
        ? inPart(problem)
        : problem;
    }
  },
  async probe() {
    return { kind: 'unknown', because: 'what was done before that stays' };
  },
});

function mayHaveActed({ code }: Failure, { ports, with: { image } }: Context): boolean {
  const { files = [], commands = [] } =
    ports.inventory.current().images.get(image)?.postInstall ?? {};
  return code === 'configure.playbook-failed' || files.length + commands.length > 0;
}

function inPart({ message, code, next, cause }: Failure): Failure {
  const [problem = '', ...because] = message.split(': ');
  return new Failure({
    code,
    problem,
    because: because.join(': '),
    effect: 'unknown',
    next,
    cause,
  });
}

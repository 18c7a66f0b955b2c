import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { HostName, ImageId } from '../../../domain/ids.ts';
import { imageOf } from '../../../domain/in-inventory.ts';
import { defineStep, type StepContext } from '../../model/runbook.ts';

const Target = z.strictObject({
  host: HostName,
  image: ImageId,
  kind: z.enum(['metal', 'virtual']),
});
type Context = StepContext<z.infer<typeof Target>>;

/** Checks everything that can be checked while the host is still as it was. Changes nothing, arms nothing. */
export const prepare = defineStep({
  with: Target,
  output: z.null(),
  async run(context) {
    await secretsAreAtHand(context);
    await playbookIsAtHand(context);
    if (context.with.kind === 'metal') await installerIsReady(context);
    else
      await context.ports.hypervisor.check(context.with.host, context.with.image, context.signal);
    return { kind: 'done', output: null };
  },
  ifInterrupted: 'run-again',
  retry: { tries: 2, backoffMs: 5_000 },
  // A large golden image is read once from beginning to end.
  attemptMs: 15 * 60_000,
  typicalMs: 5_000,
});

async function secretsAreAtHand({ with: { host, image }, ports, signal }: Context): Promise<void> {
  const { postInstall } = imageOf(ports.inventory.current(), image);
  for (const { secret } of postInstall.files) {
    if (secret !== undefined) await ports.secrets.read(secret, host, signal);
  }
}

async function playbookIsAtHand({ with: { image }, ports, signal }: Context): Promise<void> {
  const { playbook } = imageOf(ports.inventory.current(), image).postInstall;
  if (playbook !== undefined) await ports.configuration.check(playbook, signal);
}

async function installerIsReady({ with: { host, image }, ports, signal }: Context): Promise<void> {
  await ports.installer.check(host, image, signal);
  const armedFor = await ports.installer.armedFor(host, signal);
  if (armedFor === undefined) return;
  throw new Failure({
    code: 'installer.already-armed',
    problem: `${host} would reinstall itself at its next restart`,
    because: `its installer is armed for ${armedFor}`,
    effect: 'none',
    next: `Find out what became of ${armedFor} and disarm the installer of ${host}, then retry.`,
  });
}

import * as z from 'zod';
import { Failure, rootMessage } from '../../../domain/failure.ts';
import { defineStep, type StepContext } from '../../model/runbook.ts';
import type { GuestDefinition } from '../../ports/hypervisor.ts';
import { Before, installationOf, newNonce, ReinstallTarget } from './installation.ts';
import { startWatching } from './watch-console.ts';

/** The definition is on record before the guest is undefined: whatever happens, it can be defined again. */
const Saved = Before.extend({
  definition: z.strictObject({
    xml: z.string(),
    persistentDisks: z.array(z.string()).readonly(),
  }),
});
type Saved = z.infer<typeof Saved>;
type Context = StepContext<z.infer<typeof ReinstallTarget>>;
const REFUSED_KEY = [
  'ssh.host-key-unknown',
  'ssh.host-key-changed',
  'ssh.host-certificate-refused',
];

/** Undefines the guest and makes it anew on a fresh root disk; persistent disks stay. The point of no return. */
export const reinstallVirtual = defineStep({
  with: ReinstallTarget,
  output: Before,
  async run(context) {
    const saved = await save(context);
    const { bootId, nonce } = saved;
    await makeAnew(context, saved);
    return { kind: 'done', output: { bootId, nonce } };
  },
  async probe({ op, with: { host }, intent, ports: { hypervisor }, signal }) {
    if (intent === undefined) return { kind: 'not-done' };
    const { bootId, nonce } = Saved.parse(intent);
    const [state, builtFor] = [
      await hypervisor.state(host, signal),
      await hypervisor.builtFor(host, signal),
    ];
    if (state === 'running' && builtFor === op) return { kind: 'done', output: { bootId, nonce } };
    if (state === 'running') return { kind: 'not-done' };
    return { kind: 'unknown', because: `the guest is ${state}` };
  },
  // Every part of it may be done again until the new guest runs, and then the probe says so.
  ifInterrupted: 'run-again',
  retry: { tries: 2, backoffMs: 10_000 },
  attemptMs: 10 * 60_000,
  typicalMs: 60_000,
});

async function save(context: Context): Promise<Saved> {
  const {
    with: { host },
    intent,
    intend,
    ports,
    signal,
  } = context;
  if (intent !== undefined) return Saved.parse(intent);
  await startWatching(context);
  const definition = await ports.hypervisor.definition(host, signal);
  const bootId = (await bootIdIfTrusted(context)) ?? null;
  return Saved.parse(await intend({ bootId, nonce: newNonce(), definition: plain(definition) }));
}

/**
 * Undefined also where the host shows a key that is not on record, after an installation that failed or a break-in: the
 * hypervisor makes it anew without asking it, and nothing that it says is believed.
 */
async function bootIdIfTrusted({ with: { host }, ports: { witness }, signal }: Context) {
  return witness.bootId(host, signal).catch((error: unknown) => {
    if (error instanceof Failure && REFUSED_KEY.includes(error.code)) return undefined;
    throw error;
  });
}

async function makeAnew(context: Context, saved: Saved): Promise<void> {
  const {
    with: { host },
    ports,
    signal,
  } = context;
  const { definition } = saved;
  const installation = installationOf(context, saved);
  await ports.reports.open(host, installation, signal);
  await ports.hypervisor.undefine(host, installation, signal);
  try {
    await ports.hypervisor.freshDisks(host, definition, installation, signal);
    await ports.hypervisor.define(host, definition, installation, signal);
    await ports.hypervisor.start(host, installation, signal);
  } catch (cause) {
    throw halfWay(host, cause);
  }
}

/** Whatever the single call left behind, the old guest is gone. */
function halfWay(host: string, cause: unknown): Failure {
  return new Failure({
    code: 'reinstall.half-way',
    problem: `${host} was undefined and could not be made anew`,
    because: rootMessage(cause),
    effect: 'unknown',
    next: 'Its definition is in the journal and its disks are kept. Retry goes on where it stopped.',
    cause,
  });
}

function plain({ xml, persistentDisks }: GuestDefinition) {
  return { xml, persistentDisks: [...persistentDisks] };
}

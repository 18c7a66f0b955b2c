import * as z from 'zod';
import { HostName, type OpId, type UserId } from '../../../domain/ids.ts';
import { defineStep, type StepContext } from '../../model/runbook.ts';
import { HUB_SETTLES_MS } from './hub-settles.ts';

const Target = z.strictObject({ host: HostName });
export const Found = z.strictObject({ enabled: z.boolean(), comment: z.string() });

/** The comment of a builder while an operation has it; `by` is the runbook that wants it. */
export function takenOutBy(by: string, op: OpId, requester: UserId): string {
  return `${by}, ${op}, ${requester}`;
}

/** As it was found, with its comment. */
export async function putBack(
  { with: { host }, ports: { farm }, signal }: StepContext<{ readonly host: HostName }>,
  { enabled, comment }: z.infer<typeof Found>,
): Promise<void> {
  if (enabled) await farm.enable(host, comment, signal);
  else await farm.disable(host, comment, signal);
}

/** Takes a builder out of service and remembers how it was. */
export const disableBuilder = defineStep({
  with: Target,
  output: Found,
  async run({ with: { host }, op, requester, intend, ports: { farm }, signal }) {
    const { enabled, comment } = await farm.builder(host, signal);
    const found = Found.parse(await intend({ enabled, comment }));
    await farm.disable(host, takenOutBy('reimage', op, requester), signal);
    return { kind: 'done', output: found };
  },
  // A builder that somebody had disabled before us stays disabled, with their comment.
  async undo(context) {
    // What was found is on record before anything is changed.
    if (context.intent !== undefined) await putBack(context, Found.parse(context.intent));
    return { kind: 'done', output: null };
  },
  ifInterrupted: 'run-again',
  settleMs: HUB_SETTLES_MS,
  typicalMs: 2_000,
});

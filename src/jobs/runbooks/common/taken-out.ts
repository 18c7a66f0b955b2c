import * as z from 'zod';
import type { HostName, OpId, UserId } from '../../../domain/ids.ts';
import type { Outcome, StepContext } from '../../model/runbook.ts';

/** How a builder was before it was taken out of service. */
export const Found = z.strictObject({ enabled: z.boolean(), comment: z.string() });

type Context = StepContext<{ readonly host: HostName }>;

/** The comment of a builder while an operation has it; `by` is the runbook that wants it. */
export function takenOutBy(by: string, op: OpId, requester: UserId): string {
  return `${by}, ${op}, ${requester}`;
}

/** As it was found, with its comment. */
export async function putBack(
  { with: { host }, ports: { farm }, signal }: Context,
  { enabled, comment }: z.infer<typeof Found>,
): Promise<void> {
  if (enabled) await farm.enable(host, comment, signal);
  else await farm.disable(host, comment, signal);
}

/** Undoes a step that took it out. A builder that somebody had disabled before us stays disabled, with their comment. */
export async function putBackFound(context: Context): Promise<Outcome<null>> {
  // What was found is on record before anything is changed.
  if (context.intent !== undefined) await putBack(context, Found.parse(context.intent));
  return { kind: 'done', output: null };
}

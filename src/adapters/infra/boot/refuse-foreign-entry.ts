import type { HostName } from '../../../domain/ids.ts';
import type { Installation } from '../../../jobs/ports/installer.ts';
import { bootRefused } from './boot-failure.ts';

/** Only the same operation, under the same or a newer lease, may arm once more. */
export function refuseForeignEntry(
  host: HostName,
  armed: { readonly op: string; readonly epoch: number } | undefined,
  { op, epoch }: Installation,
): void {
  if (armed === undefined || (armed.op === op && armed.epoch <= epoch)) return;
  const holder = armed.op === op ? `epoch ${armed.epoch} of ${op}` : armed.op;
  throw bootRefused(host, {
    code: 'installer.already-armed',
    because: `${holder} has armed it`,
    next: `Nothing was changed. Find out what became of ${armed.op}, then retry.`,
  });
}

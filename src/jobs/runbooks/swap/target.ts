import * as z from 'zod';
import { HostName, ServiceName } from '../../../domain/ids.ts';
import { serviceOf } from '../../../domain/in-inventory.ts';
import type { Service } from '../../../domain/service.ts';
import type { StepContext } from '../../model/runbook.ts';

/** What every step of a swap is told: the service, and the two members it goes between. */
export const SwapTarget = z.strictObject({
  service: ServiceName,
  name: HostName,
  from: z.strictObject({ host: HostName, pointsAt: HostName }),
  to: z.strictObject({ host: HostName, pointsAt: HostName }),
});
export type SwapTarget = z.infer<typeof SwapTarget>;
export type SwapContext = StepContext<SwapTarget>;

/** The same for a step on one of them. */
export const MemberTarget = z.strictObject({ service: ServiceName, host: HostName });
export type MemberContext = StepContext<z.infer<typeof MemberTarget>>;

export function serviceNow({
  with: { service },
  ports,
}: Pick<StepContext<{ service: ServiceName }>, 'with' | 'ports'>): Service {
  return serviceOf(ports.inventory.current(), service);
}

import * as z from 'zod';
import { HostName, ImageId, ServiceName } from '../../domain/ids.ts';

const Fields = z.object({
  host: HostName.optional().catch(undefined),
  image: ImageId.optional().catch(undefined),
  /** It is not bound to the window of its service. */
  anytime: z.boolean().optional().catch(undefined),
  service: ServiceName.optional().catch(undefined),
});

/** What every runbook's input may name, for rules, texts and places; other fields are the runbook's own. */
export function inputFields(input: unknown): z.infer<typeof Fields> {
  const parsed = Fields.safeParse(input);
  return parsed.success ? parsed.data : {};
}

import * as z from 'zod';
import { HostName, ImageId } from '../../domain/ids.ts';

const Fields = z.object({
  host: HostName.optional().catch(undefined),
  image: ImageId.optional().catch(undefined),
});

/** What every runbook's input may name, for rules, texts and places; other fields are the runbook's own. */
export function inputFields(input: unknown): z.infer<typeof Fields> {
  const parsed = Fields.safeParse(input);
  return parsed.success ? parsed.data : {};
}

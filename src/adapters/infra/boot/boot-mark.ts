import * as z from 'zod';
import { OpId } from '../../../domain/ids.ts';

const BootMark = z.strictObject({ op: OpId, epoch: z.int() });
export type BootMark = z.infer<typeof BootMark>;

const LINE = /^# signalbox: (\{.*\})$/m;

/** Says on the host whose boot entry it is, in a line of its own. */
export function formatBootMark({ op, epoch }: BootMark): string {
  return `# signalbox: ${JSON.stringify({ op, epoch })}\n`;
}

/** Undefined where there is none of ours. */
export function parseBootMark(text: string | undefined): BootMark | undefined {
  const mark = LINE.exec(text ?? '')?.[1];
  return mark === undefined ? undefined : BootMark.parse(JSON.parse(mark));
}

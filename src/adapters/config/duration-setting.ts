import * as z from 'zod';
import { parseDuration } from '../../domain/duration.ts';

/** `10m`, in milliseconds. */
export const DurationSetting = z
  .string('expected a time such as 10m')
  .refine((text) => parseDuration(text) !== undefined, 'expected a time such as 30s, 10m, 2h or 1d')
  .transform((text) => parseDuration(text) ?? 0);

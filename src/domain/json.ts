import * as z from 'zod';

/** What may be journalled: plain data that survives JSON unchanged. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

export const Json: z.ZodType<Json> = z.json() as z.ZodType<Json>;

import * as z from 'zod';
import { OpId, ZoneName } from '../../domain/ids.ts';
import { digestOfText, NOTHING_BEFORE } from '../journal/digest-of-text.ts';
import type { Signer } from '../signing/signer.ts';

/** Where a journal ended: how many entries, and the digest of the last one. */
export const AnchoredHead = z.strictObject({
  zone: ZoneName,
  seq: z.int().positive(),
  digest: z.string(),
  ended: z.literal(true).optional(),
});
export type AnchoredHead = Readonly<z.infer<typeof AnchoredHead>>;

const Heads = z.record(OpId, AnchoredHead);

const Content = z.strictObject({
  v: z.literal(1),
  /** From 1, without gaps. */
  n: z.int().positive(),
  /** Milliseconds since 1970, by the store's clock. */
  at: z.number(),
  /** Every entry up to this place of the feed is covered by this anchor or an earlier one. */
  feed: z.string(),
  /** Of every operation that moved since the anchor before this one. */
  heads: Heads,
  /** Operations that were taken out of the store for their age, as they were then. */
  removed: Heads.optional(),
  /** Where the feed begins since then. */
  feedFrom: z.string().optional(),
  /** The digest of the line before; 64 zeros for the first. */
  prev: z.string(),
});
export type AnchorContent = Readonly<z.infer<typeof Content>>;

export const Anchor = Content.extend({
  signature: z.strictObject({ key: z.string(), value: z.string() }),
});
export type Anchor = Readonly<z.infer<typeof Anchor>>;

export type Anchored = Pick<AnchorContent, 'at' | 'feed' | 'heads' | 'removed' | 'feedFrom'>;

/** The line after `before`, signed. */
export async function anchorLine(
  signer: Signer,
  before: string | undefined,
  anchored: Anchored,
): Promise<string> {
  const n = before === undefined ? 1 : Anchor.parse(JSON.parse(before)).n + 1;
  const prev = before === undefined ? NOTHING_BEFORE : digestOfText(before);
  const content = Content.parse({ v: 1, n, ...anchored, prev });
  return JSON.stringify({ ...content, signature: await signer.sign('anchor', content) });
}

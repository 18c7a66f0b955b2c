import type { UserId } from '../../domain/ids.ts';
import { glassState, isLeftOpen } from '../../jobs/glass/glass-state.ts';
import type { Directory } from '../../policies/directory.ts';
import { keepLooking, type Looking } from '../keep-looking.ts';
import type { GlassDesk } from './glass-desk.ts';

const LOOKED_AT_EVERY_MS = 5_000;

export interface KeepGlassOptions {
  readonly glass: GlassDesk;
  /** The one whose silence the glass is for, without the glass before it. */
  readonly directory: () => Directory;
  readonly now: () => number;
  readonly report: (problem: unknown) => void;
}

/** Writes down that the glass is closed once its time is over or the directory answers again. */
export function startKeepingGlass(options: KeepGlassOptions): Looking {
  return keepLooking(() => closeIfOver(options), LOOKED_AT_EVERY_MS, options.report);
}

/** Twice is harmless: of two who see it is over, the record takes one. */
export async function closeIfOver(options: KeepGlassOptions): Promise<void> {
  const { ledger, configured } = options.glass;
  if (configured() === undefined) return;
  const content = await ledger.read();
  const rule = isLeftOpen(content.entries);
  if (rule === undefined) return;
  const because = await whyOver(options, content.entries);
  if (because === undefined) return;
  await ledger.append({ by: 'engine', event: { kind: 'closed', rule, because } }, content);
}

async function whyOver(
  { glass, directory, now }: KeepGlassOptions,
  entries: Parameters<typeof glassState>[0],
): Promise<string | undefined> {
  const configured = glass.configured();
  if (configured === undefined) return undefined;
  const state = glassState(entries, configured, now());
  if (state.kind !== 'open') return 'its time is over, or who opened it is no holder any more';
  const found = await Promise.all(state.by.map((id: UserId) => directory().person(id, 'fresh')));
  const silent = found.some(({ kind }) => kind === 'unavailable');
  return silent ? undefined : 'the directory answers again';
}

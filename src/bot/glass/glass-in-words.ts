import { listOr } from '../../policies/membership.ts';
import type { Bot } from '../bot.ts';
import { clockTime } from '../narrator/in-words.ts';

/** What `!glass` answers, and what everybody may know. */
export async function glassInWords({
  glass,
  prefix,
  now,
}: Pick<Bot, 'glass' | 'prefix' | 'now'>): Promise<string> {
  const configured = glass.configured();
  if (configured === undefined) return 'no break-glass is configured here';
  const { name, holders } = configured;
  const state = await glass.state();
  switch (state.kind) {
    case 'closed':
      return `break-glass ${name} is closed. Holders are ${holders.map(({ id }) => id).join(', ')}; two of them open it while the directory cannot be asked`;
    case 'asked':
      return `break-glass ${name}: ${state.by} asks to open it: ${state.because} · ${confirmers(configured, state.by)} confirms: ${prefix}glass open`;
    case 'open':
      return `break-glass ${name} is open until ${clockTime(state.until, now())}, by ${state.by.join(' and ')}: ${state.because}`;
    default:
      return state satisfies never;
  }
}

/** Who may say yes to what one holder asked for. */
export function confirmers(
  { holders }: { readonly holders: readonly { readonly id: string }[] },
  by: string,
): string {
  return listOr(holders.map(({ id }) => id).filter((id) => id !== by));
}

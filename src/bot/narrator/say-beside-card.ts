import type { OperationState } from '../../jobs/model/state.ts';
import type { Outgoing } from '../chat-network.ts';
import type { CardBoard } from './card-board.ts';
import { renderLines } from './render-lines.ts';
import { type Saying, sayOnce } from './say-once.ts';
import type { Told } from './told.ts';

/** What is told where the operation has a card, which says much of it already. */
export interface BesideCard {
  readonly board: CardBoard;
  /** As the card is to show it. */
  readonly newest: OperationState;
  readonly about: NonNullable<Outgoing['about']>;
}

/** In the channel what everybody there has to see; the rest in the card's thread, or nowhere where the card is enough. */
export async function sayBesideCard(
  saying: Saying,
  channel: string,
  { situation, escalated: _, forApprovers: __, inCard, loud, ...what }: Told,
  { board, newest, about }: BesideCard,
): Promise<void> {
  const { can } = saying.network;
  const card = await board.place(channel, newest);
  if (inCard && what.as !== 'prompt') return;
  const isForAll = what.as === 'prompt' || loud;
  if (!isForAll && what.as === 'progress' && !can.threads) return;
  const lines = renderLines(situation, can);
  const thread = !isForAll && can.threads ? { thread: card } : {};
  await sayOnce(saying, channel, { ...what, ...thread, about, lines, situation });
}

import type { ImageId, OpId } from '../../domain/ids.ts';
import type { Image, Inventory } from '../../domain/inventory.ts';
import { type TargetFacts, targetFacts } from './node-set.ts';

/** What arguments are looked up in. */
export interface CommandFacts extends TargetFacts {
  /** For each name the newest version comes first. */
  readonly images: ReadonlyMap<ImageId, Pick<Image, 'name'>>;
  readonly services: { has(name: string): boolean; keys(): Iterable<string> };
}

/** Completion also knows the operations that somebody may mean. */
export interface CompletionFacts extends CommandFacts {
  readonly ops: readonly OpId[];
}

const made = new WeakMap<Inventory, CommandFacts>();

/** Made once for each inventory that is loaded, not for each line. */
export function commandFacts(inventory: Inventory): CommandFacts {
  const known = made.get(inventory);
  if (known !== undefined) return known;
  const facts = {
    ...targetFacts(inventory),
    images: inventory.images,
    services: inventory.services as ReadonlyMap<string, unknown>,
  };
  made.set(inventory, facts);
  return facts;
}

import type { Problem } from '../adapters/config/problem.ts';
import { readPart } from '../adapters/config/read-part.ts';
import type { Settings } from '../adapters/config/settings.ts';
import type { NetworkDefinition } from '../adapters/network.ts';

/** What is wrong with the settings of chat networks, before any of them is connected. */
export function networkProblems(
  { networks }: Settings,
  definitions: readonly NetworkDefinition[],
): readonly Problem[] {
  return [...networks].flatMap(([name, part]) => {
    const definition = definitions.find((candidate) => candidate.name === name);
    const read = definition && readPart(part, definition.config);
    return read?.kind === 'refused' ? read.problems : [];
  });
}

import { defineRunbook } from '../model/runbook.ts';
import {
  ACTIVE,
  refuseWithoutRecipe,
  SERVICE,
  swapInput,
  swapRunbook,
} from './swap/swap-runbook.ts';

/** Updates both sides of a service, with a swap between them. */
export default defineRunbook(
  swapRunbook('maintain', {
    name: 'maintain',
    summary: 'Update every member of a service, with a swap between them.',
    risk: 'disruptive',
    positional: [SERVICE],
    options: [ACTIVE],
    flags: [],
    examples: ['maintain compute'],
    toInputs(typed, inventory) {
      const input = swapInput(typed, inventory, { update: true, anytime: false });
      refuseWithoutRecipe(input, inventory);
      return [input];
    },
  }),
);

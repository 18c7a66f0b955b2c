import { defineRunbook } from '../model/runbook.ts';
import { ACTIVE, SERVICE, swapInput, swapRunbook, TO } from './swap/swap-runbook.ts';

/**
 * Haiku's way of maintenance without an outage: the standby is updated and tested, its builders leave, one CNAME change
 * swaps the two, and then the old one is updated and gets the builders. `back` moves the service alone.
 */
export default defineRunbook(
  swapRunbook('swap', {
    name: 'swap',
    summary: 'Update the standby of a service, move the service there, update the other one.',
    risk: 'disruptive',
    positional: [
      SERVICE,
      {
        name: 'way',
        kind: 'word',
        required: false,
        expected: 'back, to move it without updating anything',
        oneOf: ['back'],
      },
    ],
    options: [TO, ACTIVE],
    flags: [],
    examples: ['swap compute', 'swap compute back', 'swap compute to=node2'],
    toInputs: (typed, inventory) => {
      const isBack = typed.way === 'back';
      return [swapInput(typed, inventory, { update: !isBack, anytime: isBack })];
    },
  }),
);

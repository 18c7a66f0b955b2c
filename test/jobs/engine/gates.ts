import type { Gate, GateAnswer } from '../../../src/jobs/engine/gate.ts';

export const OPEN_GATE: Gate = {
  mayProceed: async () => ({ kind: 'yes' }),
  planHolds: async () => ({ kind: 'yes' }),
  mayClaim: async () => ({ kind: 'yes' }),
  mayGoOn: async () => ({ kind: 'yes' }),
};

export function closedGate(answer: GateAnswer): Gate {
  return { ...OPEN_GATE, mayProceed: async () => answer };
}

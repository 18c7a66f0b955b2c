import approvalToStart from './measure/approval-to-start.ts';
import commandToAcknowledgement from './measure/command-to-acknowledgement.ts';
import loadManyHosts from './measure/load-many-hosts.ts';
import parkedOperations from './measure/parked-operations.ts';
import sshFanOut from './measure/ssh-fan-out.ts';
import statusOfManyHosts from './measure/status-of-many-hosts.ts';
import stepsPerSecond from './measure/steps-per-second.ts';
import workerKilled from './measure/worker-killed.ts';
import type { Rounds } from './report/figure.ts';

export type Measure = () => Promise<readonly Rounds[]>;

export const MEASURES: Readonly<Record<string, Measure>> = {
  'ssh-fan-out': sshFanOut,
  'steps-per-second': stepsPerSecond,
  'worker-killed': workerKilled,
  'approval-to-start': approvalToStart,
  'command-to-acknowledgement': commandToAcknowledgement,
  'status-of-many-hosts': statusOfManyHosts,
  'load-many-hosts': loadManyHosts,
  'parked-operations': parkedOperations,
};

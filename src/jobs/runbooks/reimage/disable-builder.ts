import * as z from 'zod';
import { HostName } from '../../../domain/ids.ts';
import { defineStep } from '../../model/runbook.ts';
import { HUB_SETTLES_MS } from '../common/hub-settles.ts';
import { Found, putBackFound, takenOutBy } from '../common/taken-out.ts';

const Target = z.strictObject({ host: HostName });

/** Takes a builder out of service and remembers how it was. */
export const disableBuilder = defineStep({
  with: Target,
  output: Found,
  async run({ with: { host }, op, requester, intend, ports: { farm }, signal }) {
    const { enabled, comment } = await farm.builder(host, signal);
    const found = Found.parse(await intend({ enabled, comment }));
    await farm.disable(host, takenOutBy('reimage', op, requester), signal);
    return { kind: 'done', output: found };
  },
  undo: (context) => putBackFound(context),
  ifInterrupted: 'run-again',
  settleMs: HUB_SETTLES_MS,
  typicalMs: 2_000,
});

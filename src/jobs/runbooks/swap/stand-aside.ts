import * as z from 'zod';
import { HostName } from '../../../domain/ids.ts';
import { defineStep } from '../../model/runbook.ts';
import { HUB_SETTLES_MS } from '../common/hub-settles.ts';
import { Found, putBackFound, takenOutBy } from '../common/taken-out.ts';
import { standingAside } from './standing-aside.ts';

const Target = z.strictObject({ host: HostName, by: z.enum(['swap', 'maintain']) });

/**
 * Takes a builder out of service until its member stands by again, which may be another operation: its comment remembers
 * the one that it had. A builder that somebody had disabled is left as it is.
 */
export const standAside = defineStep({
  with: Target,
  output: Found,
  async run({ with: { host, by }, op, requester, intend, ports: { farm }, signal }) {
    const { enabled, comment } = await farm.builder(host, signal);
    const found = Found.parse(await intend({ enabled, comment }));
    if (found.enabled) {
      const taken = standingAside(takenOutBy(by, op, requester), found.comment);
      await farm.disable(host, taken, signal);
    }
    return { kind: 'done', output: found };
  },
  undo: (context) => putBackFound(context),
  ifInterrupted: 'run-again',
  settleMs: HUB_SETTLES_MS,
  typicalMs: 2_000,
});

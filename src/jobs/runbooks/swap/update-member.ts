import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import type { UpdateRecipe } from '../../../domain/service.ts';
import { digestOf } from '../../model/plan.ts';
import { defineStep, type Outcome } from '../../model/runbook.ts';
import { applyPlaybook, PlaybookDone } from '../common/apply-playbook.ts';
import { runCommands } from '../common/claimed-command.ts';
import { type MemberContext, MemberTarget, serviceNow } from './target.ts';

const Updated = z.strictObject({ commands: z.int(), playbook: PlaybookDone.nullable() });
type Updated = z.infer<typeof Updated>;
const Approved = z.object({ service: z.string() });
const Memo = z
  .strictObject({
    commandsAreDone: z.boolean(),
    /** Commands that have ended well, from the first on. */
    ended: z.int().default(0),
  })
  .catch({ commandsAreDone: false, ended: 0 });

/** The commands of the recipe in their order, each under a claim on the host, then its playbook. */
export const updateMember = defineStep({
  with: MemberTarget,
  output: Updated,
  async run(context): Promise<Outcome<Updated>> {
    const { host } = context.with;
    const { commands, playbook } = approvedRecipe(context);
    const { commandsAreDone, ended } = Memo.parse(context.memo);
    const run = await runCommands(context, host, commandsAreDone ? [] : commands, ended);
    if (run.running !== undefined) {
      const { argv, afterMs } = run.running;
      const memo = { commandsAreDone: false, ended: run.ended };
      return busy(`running ${argv.join(' ')}`, memo, afterMs);
    }
    if (playbook === undefined) return done(commands.length, null);
    const memo = { commandsAreDone: true, ended: run.ended };
    if (!commandsAreDone) return busy(`running ${playbook.file}`, memo, 0);
    return done(commands.length, await applyPlaybook(context, host, playbook));
  },
  ifInterrupted: 'run-again',
  // A command that failed may have done half of its work: a person looks first.
  retry: { tries: 1, backoffMs: 0 },
  attemptMs: 60 * 60_000,
  waitMs: 2 * 60 * 60_000,
  typicalMs: 5 * 60_000,
});

function busy(note: string, memo: z.infer<typeof Memo>, afterMs: number): Outcome<never> {
  return { kind: 'wait', wake: { afterMs }, memo, note };
}

function done(commands: number, playbook: z.infer<typeof PlaybookDone> | null): Outcome<Updated> {
  return { kind: 'done', output: { commands, playbook } };
}

/** What is on record as approved has to be what is done. */
function approvedRecipe(context: MemberContext): UpdateRecipe {
  const service = serviceNow(context);
  const same = digestOf(service) === Approved.parse(context.facts).service;
  if (same && service.update !== undefined) return service.update;
  throw new Failure({
    code: 'swap.changed',
    problem: `what the inventory says of ${service.name} was changed`,
    because: 'another recipe was approved',
    effect: 'none',
    next: 'Put the approved one back and retry; or roll back, and ask for the new one.',
  });
}

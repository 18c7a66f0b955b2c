import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { imageOf } from '../../../domain/in-inventory.ts';
import type { ConfiguredFile, Playbook, PostInstall } from '../../../domain/inventory.ts';
import { digestOf } from '../../model/plan.ts';
import { defineStep, type Outcome, type StepContext } from '../../model/runbook.ts';
import { applyPlaybook, PlaybookDone } from '../common/apply-playbook.ts';
import { type CommandsRun, runCommands } from '../common/claimed-command.ts';
import { ReinstallTarget } from './installation.ts';

type Context = StepContext<z.infer<typeof ReinstallTarget>>;
/** What it needs of the facts of whichever runbook it is part of. */
const Approved = z.object({ postInstall: z.string() });
const Memo = z
  .strictObject({
    filesAreThere: z.boolean(),
    commandsAreDone: z.boolean().default(false),
    /** Commands that have ended well, from the first on. */
    ended: z.int().default(0),
  })
  .catch({ filesAreThere: false, commandsAreDone: false, ended: 0 });
const Done = z.strictObject({
  files: z.int(),
  commands: z.int(),
  /** Null where the image names none. */
  playbook: PlaybookDone.nullable().default(null),
});

/**
 * Files in their order, then commands in theirs, then the playbook. A file that is as it should be is left alone, and
 * each command runs under a claim on the host, so a worker that takes over repeats nothing that was done. Only the
 * playbook runs again from its beginning, which playbooks are written for.
 */
export const configure = defineStep({
  with: ReinstallTarget,
  output: Done,
  async run(context): Promise<Outcome<z.infer<typeof Done>>> {
    const { host } = context.with;
    const { files, commands, playbook } = approvedConfiguration(context);
    const { filesAreThere, commandsAreDone, ended } = Memo.parse(context.memo);
    for (const file of filesAreThere ? [] : files) await putFile(context, file);
    const run = await runCommands(context, host, commandsAreDone ? [] : commands, ended);
    if (run.running !== undefined) return stillRunning(run.running, run.ended);
    const done = { files: files.length, commands: commands.length };
    if (playbook === undefined) return { kind: 'done', output: { ...done, playbook: null } };
    if (!commandsAreDone) return nowPlaybook(playbook);
    return {
      kind: 'done',
      output: { ...done, playbook: await applyPlaybook(context, host, playbook) },
    };
  },
  ifInterrupted: 'run-again',
  // A command that failed may have done half of its work: a person looks first.
  retry: { tries: 1, backoffMs: 0 },
  // The longest that a playbook may take.
  attemptMs: 60 * 60_000,
  waitMs: 60 * 60_000,
  typicalMs: 2 * 60_000,
});

/** What is on record as approved has to be what is done, also where the inventory was mended meanwhile. */
function approvedConfiguration({ with: { image }, facts, ports }: Context): PostInstall {
  const { postInstall } = imageOf(ports.inventory.current(), image);
  if (digestOf(postInstall) === Approved.parse(facts).postInstall) return postInstall;
  throw new Failure({
    code: 'configure.changed',
    problem: `the post-install configuration of ${image} was changed`,
    because: 'another one was approved',
    effect: 'none',
    next: 'Put the approved one back and retry; or cancel this, and ask for the new one to be approved.',
  });
}

async function putFile(context: Context, file: ConfiguredFile): Promise<void> {
  const {
    with: { host },
    ports,
    log,
    signal,
  } = context;
  const content = await contentOf(context, file);
  const { path, mode, owner } = file;
  const put = await ports.shell.putFile(host, { path, mode, owner, content }, signal);
  log(`${path}: ${put}`);
}

async function contentOf(
  { with: { host }, ports: { secrets }, signal }: Context,
  { content, secret }: ConfiguredFile,
): Promise<string> {
  if (secret !== undefined) return secrets.read(secret, host, signal);
  return (content ?? '').replaceAll('{host}', host);
}

function stillRunning(
  { argv, afterMs }: NonNullable<CommandsRun['running']>,
  ended: number,
): Outcome<never> {
  const memo = { filesAreThere: true, commandsAreDone: false, ended };
  return { kind: 'wait', wake: { afterMs }, memo, note: `running ${argv.join(' ')}` };
}

/** It runs within one call, which has no note of its own: so this is said before. */
function nowPlaybook({ file, commit }: Playbook): Outcome<never> {
  const memo = { filesAreThere: true, commandsAreDone: true };
  const note = `running ${file} at ${commit.slice(0, 12)}`;
  return { kind: 'wait', wake: { afterMs: 0 }, memo, note };
}

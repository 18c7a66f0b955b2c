import type { Person } from '../../domain/inventory.ts';
import { askOfPlan } from '../../jobs/engine/ask-of.ts';
import { planOperation } from '../../jobs/engine/plan-operation.ts';
import type { ArgumentSpec } from '../../jobs/model/command-spec.ts';
import { inputFields } from '../../jobs/model/input-fields.ts';
import { NothingToDo } from '../../jobs/model/nothing-to-do.ts';
import type { Runbook } from '../../jobs/model/runbook.ts';
import { authorize } from '../../policies/authorize.ts';
import type { Bot } from '../bot.ts';
import { type Asked, defineCommand, type Reply } from '../command.ts';
import { COMMAND, innerCommand } from '../inner-command.ts';
import { counted } from '../narrator/in-words.ts';
import { addressedTo, refusal, strangerLines } from '../refusal.ts';
import { rehearse } from '../rehearsal/rehearse.ts';
import type { StageSubject } from '../rehearsal/stage.ts';

const MOST_LINES = 40;
/** Of those, so many are the last ones. */
const LAST_LINES = 12;

export default defineCommand({
  spec: {
    name: 'rehearse',
    summary: 'Run a command over a simulated host or service, without touching anything real.',
    risk: 'read-only',
    positional: [COMMAND],
    options: [
      place('fail-at', 'the number of the step that is to fail'),
      place('die-at', 'the number of the step in which the worker is to be lost'),
    ],
    flags: [],
    examples: ['rehearse reimage builder-07', 'rehearse reimage builder-07 fail-at=6'],
  },
  rights: 'known',
  async run(asked, bot) {
    const { args, asker, later } = asked;
    const { person } = asker;
    if (person === undefined) return strangerLines(asker);
    const inner = await innerCommand(args, bot);
    if (inner.kind !== 'runbook') return [inner.line];
    const [input, ...others] = inner.inputs;
    const about = subjectOf(input);
    if (about === undefined || others.length > 0) {
      return [addressedTo(asker, 'a rehearsal is about one host or one service. Name one.')];
    }
    if (bot.looks.room() < 1) return [addressedTo(asker, 'too much is under way; try again soon')];
    later((signal) => perform({ ...inner, input, about, person, asked }, bot, signal));
    return [];
  },
});

function subjectOf(input: unknown): StageSubject | undefined {
  const { host, service } = inputFields(input);
  if (service !== undefined) return { service };
  return host && { host };
}

function place(name: string, expected: string): ArgumentSpec {
  return { name, kind: 'number', required: false, expected };
}

interface Performance {
  readonly runbook: Runbook;
  readonly input: unknown;
  readonly about: StageSubject;
  readonly person: Person;
  readonly asked: Asked;
}

/** Whoever may run it may rehearse it. */
async function perform(
  { runbook, input, about, person, asked: { args, asker } }: Performance,
  bot: Bot,
  signal: AbortSignal,
): Promise<Reply> {
  const stage = bot.setStage(bot.inventory(), about, bot.now());
  const plan = await planOperation(runbook, input, stage.ports, signal).catch((problem) => {
    if (problem instanceof NothingToDo) return problem.message;
    throw problem;
  });
  if (typeof plan === 'string') return [`rehearsal: ${plan}`];
  const authorized = authorize(
    { ...askOfPlan(plan, bot.inventory()), person, from: asker },
    bot.policy(),
  );
  if (authorized.kind === 'refuse') return [refusal(asker, authorized)];
  const [failAt, dieAt] = [args['fail-at'], args['die-at']].map((at) =>
    typeof at === 'number' ? at : undefined,
  );
  const places = [failAt, dieAt].filter((at) => at !== undefined);
  const beyond = places.find((at) => at < 1 || at > plan.steps.length);
  if (beyond !== undefined) {
    return [addressedTo(asker, `there is no step ${beyond}: the plan has ${plan.steps.length}`)];
  }
  const name = 'service' in about ? about.service : about.host;
  const command = `${runbook.name} ${runbook.command.inWords?.(input) ?? name}`;
  const lines = await rehearse(
    { runbook, plan, command, by: person.id, failAt, dieAt },
    stage,
    bot,
    signal,
  );
  const { demand } = authorized;
  const needs = demand
    ? `would need ${counted(demand.count, 'approval')} from ${demand.groups.join(' or ')}`
    : 'would need no approval';
  const head = `a simulated ${name}, nothing real is touched · ${needs} · nobody answers`;
  return [head, ...capped(lines)].map((line) => `rehearsal: ${line}`);
}

function capped(lines: readonly string[]): readonly string[] {
  const left = lines.length - MOST_LINES;
  if (left <= 1) return lines;
  const first = lines.slice(0, MOST_LINES - LAST_LINES);
  return [...first, `… ${left} more lines …`, ...lines.slice(-LAST_LINES)];
}

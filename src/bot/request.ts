import { Failure } from '../domain/failure.ts';
import { newOpId } from '../domain/ids.ts';
import type { Person } from '../domain/inventory.ts';
import { aboutOperation } from '../jobs/engine/about-operation.ts';
import { askOfPlan } from '../jobs/engine/ask-of.ts';
import { type About, decideExplained } from '../jobs/engine/decide-explained.ts';
import { interlockFacts } from '../jobs/engine/interlock-facts.ts';
import { planOperation } from '../jobs/engine/plan-operation.ts';
import type { OpRef } from '../jobs/journal/journal.ts';
import type { EventOf } from '../jobs/model/event.ts';
import { inputFields } from '../jobs/model/input-fields.ts';
import type { Plan } from '../jobs/model/plan.ts';
import type { Runbook, Show } from '../jobs/model/runbook.ts';
import { authorize } from '../policies/authorize.ts';
import type { Place } from '../policies/place.ts';
import { impactInWords } from '../policies/pool-budget.ts';
import { answerEach } from './answer-each.ts';
import type { Bot } from './bot.ts';
import type { Answered, Asked, Asker, Reply } from './command.ts';
import { totalMs } from './estimates/estimates.ts';
import { excerpt } from './excerpt.ts';
import { freshPerson } from './fresh-person.ts';
import { underGlass } from './glass/under-glass.ts';
import { foldHosts } from './grammar/fold-hosts.ts';
import { printable } from './grammar/printable.ts';
import { addressedTo, refusal, refused } from './refusal.ts';

/** More than this many hosts at once have to be confirmed by typing their number. */
const MOST_UNCONFIRMED = 5;
const LONGEST_LIST_BYTES = 160;

/** One operation to be, with everything that was decided about it. */
export interface Proposal {
  readonly plan: Plan;
  readonly command: string;
  readonly demand?: { readonly count: number; readonly groups: readonly string[] };
  readonly rule: string;
  readonly impact?: string;
  readonly estimateMs: number;
  /** What was seen in planning, in full. */
  readonly shown: readonly string[];
}

export type Proposed = { readonly proposal: Proposal } | { readonly refused: string };

/** Plans, decides and records one operation for each input; says what was refused, and the narrator says the rest. */
export async function request(runbook: Runbook, asked: Asked, bot: Bot): Promise<Answered> {
  const person = await freshPerson(asked.asker, bot);
  if ('refused' in person) return person;
  const inputs = runbook.command.toInputs(asked.args, bot.inventory());
  const unconfirmed = mustConfirm(asked, inputs, bot);
  if (unconfirmed !== undefined) return { refused: [addressedTo(asked.asker, unconfirmed)] };
  const { asker } = asked;
  const each = { runbook, inputs, asked, bot, person: person.known };
  return answerEach(each, {
    refused: (_ask, decision) => ({ refused: [refusal(asker, decision)] }),
    async answer(input, place, signal) {
      const proposed = await propose(
        runbook,
        input,
        { person: person.known, from: asker },
        bot,
        signal,
      );
      if ('proposal' in proposed) {
        return record(proposed.proposal, asked, person.known, place, bot);
      }
      return { refused: [refused(asker, refusedOne(proposed.refused, input, inputs.length))] };
    },
  });
}

/** Of several hosts a refusal says which one it is about. */
function refusedOne(because: string, input: unknown, of: number): string {
  const { host } = inputFields(input);
  return of > 1 && host !== undefined ? `${host}: ${because}` : because;
}

/** What would happen, without recording anything. */
export async function propose(
  runbook: Runbook,
  input: unknown,
  { person, from }: { readonly person: Person; readonly from: Place },
  bot: Bot,
  signal: AbortSignal,
): Promise<Proposed> {
  const shown: string[] = [];
  const plan = await planFor(runbook, input, bot, signal, (text) => shown.push(bot.redact(text)));
  const ask = { ...askOfPlan(plan, bot.inventory()), person, from };
  const authorized = authorize(ask, bot.policy());
  if (authorized.kind === 'refuse') {
    return { refused: `${authorized.because}. ${authorized.next}` };
  }
  const facts = await factsFor(plan, person.groups, bot);
  const decided = await decideExplained(plan.claims, facts, aboutIn(plan, bot));
  if (decided.kind === 'blocked' || decided.kind === 'frozen')
    return { refused: decided.reasons.join('; ') };
  if (decided.kind === 'unknown') return { refused: `refused, because ${decided.because}` };
  const impacts = plan.claims.flatMap((claim) =>
    claim.kind === 'budget' ? [impactInWords(claim, facts) ?? ''] : [],
  );
  const { rule, demand } = authorized;
  return {
    proposal: {
      plan,
      rule,
      shown,
      command: describe(runbook, plan),
      estimateMs: totalMs(await bot.estimates.of(plan)),
      ...(demand && { demand }),
      ...(impacts[0] && { impact: impacts.join(', ') }),
    },
  };
}

function mustConfirm(
  { text, args }: Asked,
  inputs: readonly unknown[],
  { prefix }: Bot,
): string | undefined {
  const { length: count } = inputs;
  if (count <= MOST_UNCONFIRMED || args.count === count) return undefined;
  const typed = args.count === undefined ? '' : `, not ${args.count}`;
  const again = text.replace(/\s+count=\S+/, '');
  const hosts = foldHosts(inputs.flatMap((input) => inputFields(input).host ?? []));
  const which = printable(hosts, LONGEST_LIST_BYTES);
  return `that is ${count} hosts${typed} (${which}). If you mean all of them: ${prefix}${again} count=${count}`;
}

/** What planning and interlocks are asked with. */
export type Looking = Pick<
  Bot,
  'inventory' | 'read' | 'journal' | 'outOfService' | 'prefix' | 'freezes' | 'now'
>;

/** Planned with what is there now. A Failure when that cannot be read. */
export async function planFor(
  runbook: Runbook,
  input: unknown,
  bot: Looking,
  signal: AbortSignal,
  show?: Show,
): Promise<Plan> {
  return planOperation(runbook, input, readPortsFor(runbook, input, bot), signal, show);
}

/** What planning reads is read where the host is: its zone's build system. */
function readPortsFor(runbook: Runbook, input: unknown, bot: Looking) {
  const { host, service } = inputFields(input);
  const { hosts, services } = bot.inventory();
  const zone = service ? services.get(service)?.zone : host && hosts.get(host)?.zone;
  if (zone !== undefined) return bot.read(zone);
  throw new Failure({
    code: 'request.no-zone',
    problem: `${runbook.name} cannot be planned`,
    because: `${host ?? service ?? 'what it is about'} is in no zone`,
    effect: 'none',
    next: 'Look at the inventory.',
  });
}

export async function factsFor(plan: Plan, groups: readonly string[], bot: Looking) {
  const { held } = await bot.journal.claims(plan.zone);
  return interlockFacts({
    op: undefined,
    claims: plan.claims,
    held,
    inventory: bot.inventory(),
    away: (pool) => bot.outOfService(pool, 'fresh'),
    freeze: { plan, configured: bot.freezes(), groups: async () => groups, now: bot.now() },
    prefix: bot.prefix,
  });
}

/** What an operation of the plan's zone is. */
export function aboutIn({ zone }: Plan, { journal }: Looking): About {
  return (op) => aboutOperation(journal, { op, zone });
}

/** `reimage builder-07 with f43-builder@2026.11.18`, `swap compute to node2` */
function describe({ command }: Runbook, { runbook, input }: Plan): string {
  if (command.inWords !== undefined) return `${runbook.name} ${command.inWords(input)}`;
  const { host, image } = inputFields(input);
  return [runbook.name, host, image && `with ${image}`].filter(Boolean).join(' ');
}

/** What was seen in planning is to be found in the operation's log from then on; of that, the first lines. */
async function record(
  proposal: Proposal,
  { asker, began }: Pick<Asked, 'asker' | 'began'>,
  person: Person,
  place: number,
  bot: Bot,
): Promise<Reply> {
  const event = underGlass(requestedEvent(proposal, asker, bot), person);
  const { network, message } = asker.message;
  const source = { network, message: place === 0 ? message : `${message} ${place}` };
  for (let length = 4; length <= 12; length += 1) {
    const op = newOpId(length);
    const ref = { op, zone: proposal.plan.zone };
    const what = { events: [event], by: person.id, source, seq: 0, dueInMs: 0 } as const;
    const appended = await bot.journal.append(ref, what);
    // Taken already: a longer one is less likely to be.
    if (appended.kind === 'seq-moved') continue;
    if (appended.kind !== 'ok') return [];
    began(op);
    const lines = await keepShown(proposal, ref, bot);
    void bot.doorbell.ring({ ...ref, seq: 1, epoch: 0 });
    return lines;
  }
  return [];
}

async function keepShown({ plan, shown }: Proposal, ref: OpRef, bot: Bot): Promise<Reply> {
  const [step] = plan.steps;
  if (shown.length === 0 || step === undefined) return [];
  await bot.stepLog.write(ref, step.id, shown.join('\n')).catch(bot.report);
  return excerpt(shown, `: ${bot.prefix}log ${ref.op} has the last of them`);
}

function requestedEvent(
  { plan, command, demand, impact, estimateMs }: Proposal,
  { network, channel }: Asker,
  bot: Bot,
): EventOf<'requested'> {
  const { host } = inputFields(plan.input);
  return {
    kind: 'requested',
    plan,
    command,
    inventory: bot.inventory().revision,
    approvalExpiresAt: bot.now() + bot.approvalExpiresMs,
    estimateMs,
    origin: { network, channel },
    ...(demand && { demand: { count: demand.count, groups: [...demand.groups] } }),
    ...(impact && { impact }),
    ...(host && { host }),
  };
}

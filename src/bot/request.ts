import { Failure } from '../domain/failure.ts';
import { newOpId } from '../domain/ids.ts';
import type { Person } from '../domain/inventory.ts';
import { aboutOperation } from '../jobs/engine/about-operation.ts';
import { askOfPlan } from '../jobs/engine/ask-of.ts';
import { interlockFacts } from '../jobs/engine/interlock-facts.ts';
import { planOperation } from '../jobs/engine/plan-operation.ts';
import type { EventOf } from '../jobs/model/event.ts';
import { inputFields } from '../jobs/model/input-fields.ts';
import type { Plan } from '../jobs/model/plan.ts';
import type { Runbook } from '../jobs/model/runbook.ts';
import { authorize } from '../policies/authorize.ts';
import { decideClaims, impactInWords } from '../policies/interlocks.ts';
import type { Bot } from './bot.ts';
import type { Asked, Asker, Reply } from './command.ts';
import { totalMs } from './estimates/estimates.ts';
import { freshPerson } from './fresh-person.ts';
import { addressedTo } from './refusal.ts';

/** More than this many hosts at once have to be confirmed by typing their number. */
const MOST_UNCONFIRMED = 5;
const PLANNING_MS = 20_000;

/** One operation to be, with everything that was decided about it. */
export interface Proposal {
  readonly plan: Plan;
  readonly command: string;
  readonly demand?: { readonly count: number; readonly groups: readonly string[] };
  readonly rule: string;
  readonly impact?: string;
  readonly estimateMs: number;
}

export type Proposed = { readonly proposal: Proposal } | { readonly refused: string };

/** Plans, decides and records one operation for each input; says what was refused, and the narrator says the rest. */
export async function request(runbook: Runbook, asked: Asked, bot: Bot): Promise<Reply> {
  const person = await freshPerson(asked.asker, bot);
  if ('refused' in person) return person.refused;
  const inputs = runbook.command.toInputs(asked.args, bot.inventory());
  const unconfirmed = mustConfirm(asked, inputs.length, bot);
  if (unconfirmed !== undefined) return [addressedTo(asked.asker, unconfirmed)];
  const refused: string[] = [];
  for (const [place, input] of inputs.entries()) {
    const proposed = await propose(runbook, input, person.known, bot);
    if ('refused' in proposed) refused.push(refusedOne(proposed.refused, input, inputs.length));
    else await record(proposed.proposal, asked.asker, person.known, place, bot);
  }
  return refused.map((line) => addressedTo(asked.asker, line));
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
  person: Person,
  bot: Bot,
): Promise<Proposed> {
  const plan = await planFor(runbook, input, bot);
  const ask = { ...askOfPlan(plan, bot.inventory()), person };
  const authorized = authorize(ask, bot.rules());
  if (authorized.kind === 'refuse') {
    return { refused: `${authorized.because}. ${authorized.next}` };
  }
  const facts = await factsFor(plan, bot);
  const decided = decideClaims(plan.claims, facts);
  if (decided.kind === 'blocked') return { refused: decided.reasons.join('; ') };
  if (decided.kind === 'unknown') return { refused: `refused, because ${decided.because}` };
  const impacts = plan.claims.flatMap((claim) =>
    claim.kind === 'budget' ? [impactInWords(claim, facts) ?? ''] : [],
  );
  const { rule, demand } = authorized;
  return {
    proposal: {
      plan,
      rule,
      command: describe(plan),
      estimateMs: totalMs(await bot.estimates.of(plan)),
      ...(demand && { demand }),
      ...(impacts[0] && { impact: impacts.join(', ') }),
    },
  };
}

function mustConfirm({ text, args }: Asked, count: number, { prefix }: Bot): string | undefined {
  if (count <= MOST_UNCONFIRMED || args.count === count) return undefined;
  const typed = args.count === undefined ? '' : `, not ${args.count}`;
  const again = text.replace(/\s+count=\S+/, '');
  return `that is ${count} hosts${typed}. If you mean all of them: ${prefix}${again} count=${count}`;
}

/** Planned with what is there now. A Failure when that cannot be read. */
export async function planFor(runbook: Runbook, input: unknown, bot: Bot): Promise<Plan> {
  const read = readPortsFor(runbook, input, bot);
  return planOperation(runbook, input, read, AbortSignal.timeout(PLANNING_MS));
}

/** What planning reads is read where the host is: its zone's build system. */
function readPortsFor(runbook: Runbook, input: unknown, bot: Bot) {
  const { host } = inputFields(input);
  const zone = host && bot.inventory().hosts.get(host)?.zone;
  if (zone !== undefined) return bot.read(zone);
  throw new Failure({
    code: 'request.no-zone',
    problem: `${runbook.name} cannot be planned`,
    because: `${host ?? 'what it is about'} is in no zone`,
    effect: 'none',
    next: 'Look at the inventory.',
  });
}

export async function factsFor(plan: Plan, bot: Bot) {
  const { held } = await bot.journal.claims(plan.zone);
  return interlockFacts({
    op: undefined,
    claims: plan.claims,
    held,
    inventory: bot.inventory(),
    away: (pool) => bot.outOfService(pool, 'fresh'),
    about: (op) => aboutOperation(bot.journal, op),
    prefix: bot.prefix,
  });
}

/** `reimage builder-07 with f43-builder@2026.11.18` */
function describe({ runbook, input }: Plan): string {
  const { host, image } = inputFields(input);
  return [runbook.name, host, image && `with ${image}`].filter(Boolean).join(' ');
}

async function record(
  proposal: Proposal,
  asker: Asker,
  person: Person,
  place: number,
  bot: Bot,
): Promise<void> {
  const event = requestedEvent(proposal, asker, bot);
  const { network, message } = asker.message;
  const source = { network, message: place === 0 ? message : `${message} ${place}` };
  for (let length = 4; length <= 12; length += 1) {
    const op = newOpId(length);
    const ref = { op, zone: proposal.plan.zone };
    const what = { events: [event], by: person.id, source, seq: 0, dueInMs: 0 } as const;
    const appended = await bot.journal.append(ref, what);
    // Taken already: a longer one is less likely to be.
    if (appended.kind === 'seq-moved') continue;
    if (appended.kind === 'ok') await bot.doorbell.ring({ ...ref, seq: 1, epoch: 0 });
    return;
  }
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

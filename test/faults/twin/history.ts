import { vi } from 'vitest';
import type { OpId } from '../../../src/domain/ids.ts';
import type { HeldClaim, OpRef } from '../../../src/jobs/journal/journal.ts';
import type { JournalEvent } from '../../../src/jobs/model/event.ts';
import type { OperationState } from '../../../src/jobs/model/state.ts';
import {
  claimViolations,
  coherenceViolations,
  effectViolations,
  interlockViolations,
  journalViolations,
  lineViolations,
  stateOf,
  type Told,
  undoViolations,
} from '../invariants.ts';
import { type Decisions, decisionsOf } from './decisions.ts';
import { BUILDERS, CALL_MS, KINDS, type ToyInput, toyRunbook } from './toy-runbook.ts';
import { ORIGINAL } from './toy-target.ts';
import {
  type Besides,
  HOSTS,
  MOST_AWAY,
  storeAway,
  type TwinWorld,
  twinWorld,
} from './twin-world.ts';

const MOST_OPERATIONS = 4;
const MOST_TURNS = 3_000;
/** Longer than any prompt waits. */
const LONG_MS = 3 * 3_600_000;

export interface HistoryEnd {
  readonly violations: readonly string[];
  /** One line for each thing that happened, for whoever looks into a violation. */
  readonly log: readonly string[];
}

/** Plays one history: every number is one choice. Afterwards nothing goes wrong any more, and everything must find its end. */
export async function playHistory(
  numbers: readonly number[],
  besides: Besides = {},
): Promise<HistoryEnd> {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
    now: Date.UTC(2026, 10, 18, 14, 0),
  });
  const log: string[] = [];
  const violations: string[] = [];
  const world = twinWorld(() => Date.now(), { workers: 3, besides });
  const decisions = decisionsOf(numbers);
  try {
    if (besides.rush) await rush(world);
    else await request(world, decisions);
    while (!decisions.exhausted && violations.length === 0) {
      log.push(await oneThing(world, decisions));
      await breath();
      violations.push(...(await violated(world)));
    }
    if (violations.length === 0) violations.push(...(await comeToRest(world, log)));
    if (violations.length === 0) violations.push(...(await giveUpTheRest(world, log)));
  } finally {
    vi.useRealTimers();
  }
  return { violations, log };
}

type Doing = (world: TwinWorld, decisions: Decisions) => string | Promise<string>;

/** Each as often as its number, in a hundred. */
const THINGS: readonly (readonly [number, Doing])[] = [
  [38, letOneGoOn],
  [8, landOne],
  [10, answerDoorbell],
  [10, everybodyGoesOn],
  [9, saySomething],
  [3, request],
  [6, passTime],
  [2, killOne],
  [3, freezeOne],
  [3, thawOne],
  [3, loseOne],
  [3, failStore],
  [2, refuseSome],
];

const THINGS_WITH_FREEZES: typeof THINGS = [
  [32, letOneGoOn],
  [3, freezeZone],
  [3, takeOneOut],
  ...THINGS.slice(1),
];

function oneThing(world: TwinWorld, decisions: Decisions): string | Promise<string> {
  let number = decisions.pick(100);
  for (const [share, thing] of world.besides.freezes ? THINGS_WITH_FREEZES : THINGS) {
    if (number < share) return thing(world, decisions);
    number -= share;
  }
  throw new Error('the shares are less than a hundred');
}

function chosen<T>(from: Iterable<T>, decisions: Decisions): T | undefined {
  const all = [...from];
  return all[decisions.pick(Math.max(1, all.length))];
}

function letOneGoOn({ gate }: TwinWorld, decisions: Decisions): string {
  const point = chosen(gate.waiting(), decisions);
  point?.proceed();
  return point ? `${point.actor.name} goes on: ${point.what}` : 'nobody waits';
}

function landOne({ lines }: TwinWorld, decisions: Decisions): string {
  const flight = chosen(lines.flights, decisions);
  flight?.land();
  return flight ? 'a call arrives' : 'nothing is on its way';
}

function loseOne({ lines }: TwinWorld, decisions: Decisions): string {
  const flight = chosen(lines.flights, decisions);
  const how = decisions.pick(2) === 0 ? 'request' : 'answer';
  flight?.lose(how);
  return flight ? `the ${how} of a call is lost` : 'nothing is on its way';
}

async function answerDoorbell(world: TwinWorld, decisions: Decisions): Promise<string> {
  const worker = chosen(world.workers, decisions);
  const free = (await world.dueNow()).filter(({ op }) => !worker?.busy.has(op));
  const due = chosen(free, decisions);
  if (worker === undefined || due === undefined || worker.actor.frozen) return 'nobody rings';
  world.attend(worker, due);
  return `${worker.actor.name} attends ${due.op}`;
}

async function rush(world: TwinWorld): Promise<void> {
  for (const host of HOSTS)
    await world.request({ host, steps: [{ kind: 'once', noReturn: false }] });
  for (const ref of world.refs) {
    const state = await world.state(ref);
    const [approved] = sayable(state);
    if (approved) await world.say(ref, approved, state);
  }
}

async function request(world: TwinWorld, decisions: Decisions): Promise<string> {
  if (world.refs.length >= MOST_OPERATIONS) return 'enough was asked for';
  const host = HOSTS[decisions.pick(HOSTS.length)] ?? HOSTS[0];
  const steps = Array.from({ length: 1 + decisions.pick(4) }, () => ({
    kind: KINDS[decisions.pick(KINDS.length)] ?? 'once',
    noReturn: decisions.once(6),
  }));
  await world.request({ host, steps } as ToyInput);
  return `asked for ${steps.map(({ kind }) => kind).join(', ')} on ${host}`;
}

/** Whoever is not frozen does what there is to do, for a while. */
async function everybodyGoesOn(world: TwinWorld, decisions: Decisions): Promise<string> {
  const rounds = 1 + decisions.pick(40);
  for (let round = 0; round < rounds; round += 1) if (!(await settle(world))) break;
  return 'everybody goes on for a while';
}

function passTime(world: TwinWorld, decisions: Decisions): string {
  const ms = [50, 2_000, 6_000, 16_000, 40_000, 11 * 60_000, 31 * 60_000][decisions.pick(7)] ?? 50;
  advance(world, ms);
  return `${ms / 1000} s pass`;
}

/** Time passes, and nothing that was sent is longer on its way than it may be. */
function advance(world: TwinWorld, ms: number): void {
  const until = Date.now() + ms;
  const oldest = [...world.lines.flights].filter(({ sentAt }) => sentAt + CALL_MS < until);
  for (const flight of oldest) flight.land();
  vi.advanceTimersByTime(ms);
}

function killOne(world: TwinWorld, decisions: Decisions): string {
  const worker = chosen(world.workers, decisions);
  if (worker) world.kill(worker);
  return `${worker?.actor.name} is killed`;
}

/** In the middle of something, where there is such a one, and until its lease is over. */
function freezeOne(world: TwinWorld, decisions: Decisions): string {
  const busy = world.workers.filter(({ busy: { size } }) => size > 0);
  const worker = chosen(busy.length > 0 ? busy : world.workers, decisions);
  if (worker) worker.actor.frozen = true;
  advance(world, 16_000);
  return `${worker?.actor.name} freezes, 16 s pass`;
}

function thawOne({ workers }: TwinWorld, decisions: Decisions): string {
  const worker = chosen(
    workers.filter(({ actor }) => actor.frozen),
    decisions,
  );
  if (worker) worker.actor.frozen = false;
  return worker ? `${worker.actor.name} thaws` : 'nobody is frozen';
}

async function freezeZone(world: TwinWorld, decisions: Decisions): Promise<string> {
  if (decisions.pick(3) === 0) {
    await world.thaw();
    return 'the zone is thawed';
  }
  const minutes = [1, 20, 90][decisions.pick(3)] ?? 1;
  await world.freeze(minutes * 60_000);
  return `the zone is frozen for ${minutes} min`;
}

/** Or puts back. */
function takeOneOut({ outOfService }: TwinWorld, decisions: Decisions): string {
  const host = HOSTS[decisions.pick(HOSTS.length)] as (typeof HOSTS)[number];
  if (outOfService.delete(host)) return `${host} is back in service`;
  outOfService.add(host);
  return `somebody takes ${host} out of service`;
}

function failStore({ gate }: TwinWorld, decisions: Decisions): string {
  const points = gate.waiting().filter(({ what }) => !what.startsWith('target'));
  const point = chosen(points, decisions);
  point?.proceed(storeAway());
  return point ? `the store fails ${point.actor.name}: ${point.what}` : 'nobody asks the store';
}

function refuseSome({ targets }: TwinWorld, decisions: Decisions): string {
  const times = decisions.pick(4);
  targets.refuse(times);
  return `the targets refuse ${times} times`;
}

async function saySomething(world: TwinWorld, decisions: Decisions): Promise<string> {
  const ref = chosen(world.refs, decisions);
  if (ref === undefined) return 'nothing to talk about';
  const state = await world.state(ref);
  const event = chosen(
    [...sayable(state), ...(world.besides.takeovers ? takeover(state) : [])],
    decisions,
  );
  if (event === undefined) return `nothing to say about ${ref.op}`;
  await world.say(ref, event, state);
  return `${ref.op}: ${event.kind}${event.kind === 'answered' ? ` ${event.word}` : ''}`;
}

/** What the bot would let a person say of an operation in this state. */
function sayable({ phase }: OperationState): readonly JournalEvent[] {
  const cancel: JournalEvent = { kind: 'cancel-requested', because: 'no longer wanted' };
  const hold: JournalEvent = { kind: 'hold-requested', because: 'wait' };
  switch (phase.kind) {
    case 'approval': {
      const approved: JournalEvent = {
        kind: 'approved',
        subject: phase.subject,
        network: 'console',
      };
      return [approved, approved, approved, cancel];
    }
    case 'claims':
      return [cancel];
    case 'running':
      return [hold, cancel];
    case 'asking':
    case 'held': {
      const answers = phase.prompt.options.map(
        ({ word }): JournalEvent => ({ kind: 'answered', prompt: phase.prompt.id, word }),
      );
      return [...answers, cancel];
    }
    case 'finished':
    case 'ended':
      return [];
    default:
      return phase satisfies never;
  }
}

/** Only of what has something that could be taken. */
function takeover({ phase }: OperationState): readonly JournalEvent[] {
  const takeable = phase.kind === 'running' || phase.kind === 'asking' || phase.kind === 'held';
  return takeable ? [{ kind: 'taken-over', because: 'it hangs' }] : [];
}

/** What was let go on runs until it waits again. */
async function breath(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** What must hold at every moment. */
async function violated(world: TwinWorld): Promise<readonly string[]> {
  const told = await world.told();
  const { held, waiting } = await world.claims();
  return [
    ...world.bugs.map((bug) => `a bug: ${bug instanceof Error ? bug.stack : bug}`),
    ...claimViolations(told.map(stateOf), held),
    ...lineViolations(told.map(stateOf), waiting),
    ...interlockViolations(taken(held, told.map(stateOf)), new Map([[BUILDERS, MOST_AWAY]])),
    ...told.flatMap((one) => freezeViolations(one, world)),
    ...told.flatMap((one) => [
      ...journalViolations(one),
      ...coherenceViolations(one),
      ...effectViolations(one, world.targets.effects, (uses) => {
        const def = toyRunbook.steps[uses];
        if (def === undefined) throw new Error(`there is no step ${uses}`);
        return def;
      }),
      ...undoViolations(one, world.targets.effects),
      ...settingViolations(stateOf(one), world),
    ]),
  ];
}

/** A host that somebody else took out of service before costs nothing. */
function taken(held: readonly HeldClaim[], states: readonly OperationState[]) {
  const before = new Set(
    states.flatMap(({ op, awayBefore }) => awayBefore.map((host) => `${op} ${host}`)),
  );
  return held.filter(
    ({ op, claim }) => !(claim.kind === 'budget' && before.has(`${op} ${claim.host}`)),
  );
}

/** Nothing starts in a freeze. */
function freezeViolations({ op, entries }: Told, { frozen }: TwinWorld): readonly string[] {
  return entries
    .filter(({ event, at }) => event.kind === 'claimed' && frozen.some(isWithin(at)))
    .map(({ at }) => `${op} started at ${new Date(at).toISOString()}, in a freeze`);
}

function isWithin(at: number) {
  return ({ from, until }: { from: number; until: number }) => from < at && at < until;
}

/** What was undone is as it was before. */
function settingViolations(
  { op, request, undone }: OperationState,
  { targets }: TwinWorld,
): readonly string[] {
  return request.plan.steps
    .filter(({ id, uses }) => uses === 'restores' && undone.get(id)?.kind === 'done')
    .filter(({ id }) => targets.settingOf(op, id) !== ORIGINAL)
    .map(({ id }) => `${op} has undone ${id}, and it is not as it was`);
}

/** Nothing goes wrong any more: everybody is awake, every call arrives, every ring is answered. */
async function comeToRest(world: TwinWorld, log: string[]): Promise<readonly string[]> {
  for (const { actor } of world.workers) actor.frozen = false;
  world.targets.refuse(0);
  world.outOfService.clear();
  await world.thaw();
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    if (await settle(world)) continue;
    const due = world.nextDue(await movable(world));
    if (due === undefined || due > LONG_MS) return restViolations(world);
    advance(world, Math.max(due, 1));
    log.push(`${due / 1000} s pass`);
    await breath();
  }
  return ['it does not come to rest'];
}

/** All but those that wait for a claim somebody else holds: whoever frees it wakes them. */
async function movable(world: TwinWorld): Promise<readonly OpId[]> {
  const states = (await world.told()).map(stateOf);
  const blocked = states.some(holdsSomething);
  return states.filter(({ phase }) => !(blocked && phase.kind === 'claims')).map(({ op }) => op);
}

function holdsSomething({ phase, claims }: OperationState): boolean {
  return phase.kind !== 'ended' && claims.length > 0;
}

/** True when something went on. */
async function settle(world: TwinWorld): Promise<boolean> {
  const { gate, lines, workers } = world;
  const worker = workers.find(({ actor }) => !actor.frozen);
  const points = gate.waiting();
  const flights = [...lines.flights];
  const busy = ({ op }: OpRef) => worker?.busy.has(op);
  const due = (await world.dueNow()).filter((ref) => !busy(ref));
  for (const point of points) point.proceed();
  for (const flight of flights) flight.land();
  if (worker) for (const ref of due) world.attend(worker, ref);
  await breath();
  return points.length + flights.length + due.length > 0;
}

/** At rest an operation has ended, or somebody can see what it waits for. */
async function restViolations(world: TwinWorld): Promise<readonly string[]> {
  const states = (await world.told()).map(stateOf);
  const open = states.filter(({ phase }) => phase.kind !== 'ended');
  const blocked = states.some(holdsSomething);
  const stuck = open.filter(
    ({ phase }) => !(phase.kind === 'held' || (phase.kind === 'claims' && blocked)),
  );
  const armed = [...world.targets.armed];
  return [
    ...(await violated(world)),
    ...stuck.map(({ op, phase }) => `${op} is ${phase.kind} for ever`),
    ...armed.map((op) => `${op} left something armed`),
  ];
}

/** A cancel always ends what waits for a person. */
async function giveUpTheRest(world: TwinWorld, log: string[]): Promise<readonly string[]> {
  for (let round = 0; round < 12; round += 1) {
    const states = await Promise.all(world.refs.map((ref) => world.state(ref)));
    const open = states.filter(({ phase }) => phase.kind !== 'ended');
    if (open.length === 0) return [];
    for (const [index, state] of states.entries()) {
      const ref = world.refs[index];
      if (ref === undefined || state.phase.kind === 'ended' || state.cancel) continue;
      log.push(`${state.op} is cancelled`);
      await world.say(ref, { kind: 'cancel-requested', because: 'given up' }, state);
    }
    const violations = await comeToRest(world, log);
    if (violations.length > 0) return violations;
  }
  const left = await Promise.all(world.refs.map((ref) => world.state(ref)));
  return left
    .filter(({ phase }) => phase.kind !== 'ended')
    .map(({ op, phase }) => `${op} cannot be cancelled: it is ${phase.kind}`);
}

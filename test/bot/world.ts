import { generateKeyPairSync } from 'node:crypto';
import { memoryBookmarks } from '../../src/adapters/simulated/memory-bookmarks.ts';
import { memoryDurations } from '../../src/adapters/simulated/memory-durations.ts';
import { memoryJournal } from '../../src/adapters/simulated/memory-journal.ts';
import { memoryLedgers } from '../../src/adapters/simulated/memory-ledgers.ts';
import { memoryRefusals } from '../../src/adapters/simulated/memory-refusals.ts';
import { memoryStepLog } from '../../src/adapters/simulated/memory-step-log.ts';
import { memoryThreads } from '../../src/adapters/simulated/memory-threads.ts';
import { rehearsalStage } from '../../src/adapters/simulated/rehearsal-stage.ts';
import type { Bot } from '../../src/bot/bot.ts';
import type { ChatNetwork } from '../../src/bot/chat-network.ts';
import { openConversation } from '../../src/bot/conversation.ts';
import type { Durations } from '../../src/bot/estimates/durations.ts';
import { createEstimates, type Estimates } from '../../src/bot/estimates/estimates.ts';
import type { Follower } from '../../src/bot/feed/follow-feed.ts';
import { announceNew } from '../../src/bot/glass/announce-glass.ts';
import type { GlassDesk } from '../../src/bot/glass/glass-desk.ts';
import { closeIfOver } from '../../src/bot/glass/keep-glass.ts';
import type { IdentityDesk } from '../../src/bot/identity/identity-desk.ts';
import { createLooks } from '../../src/bot/looks.ts';
import { createAbsences } from '../../src/bot/narrator/absences.ts';
import type { Channel } from '../../src/bot/narrator/channels.ts';
import { startNarrator } from '../../src/bot/narrator/narrator.ts';
import { patientMessages } from '../../src/bot/narrator/patient-messages.ts';
import { startThreadNarrator, threadReader } from '../../src/bot/narrator/thread-narrator.ts';
import { readOperations } from '../../src/bot/operations.ts';
import type { ReadOnlyStore } from '../../src/bot/watch-store.ts';
import type { OpId, PoolName } from '../../src/domain/ids.ts';
import { StepId, ZoneName } from '../../src/domain/ids.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import { attend } from '../../src/jobs/engine/attend.ts';
import { DEFAULT_TIMING, type Engine } from '../../src/jobs/engine/engine.ts';
import { policyGate } from '../../src/jobs/engine/policy-gate.ts';
import { createRedactor } from '../../src/jobs/engine/redactor.ts';
import { glassLedger, readGlass } from '../../src/jobs/glass/glass.ts';
import { glassDirectory } from '../../src/jobs/glass/glass-directory.ts';
import { identityLedger } from '../../src/jobs/identity/identity-ledger.ts';
import { linkedDirectory } from '../../src/jobs/identity/linked-directory.ts';
import type { Journal } from '../../src/jobs/journal/journal.ts';
import { writeLedger } from '../../src/jobs/ledger/write-ledger.ts';
import type { PlannedStep } from '../../src/jobs/model/plan.ts';
import type { StepQuestion } from '../../src/jobs/model/prompt.ts';
import type { ReminderTimes } from '../../src/jobs/model/reminders.ts';
import type { ConfigurationManagement } from '../../src/jobs/ports/configuration-management.ts';
import type { Downtime } from '../../src/jobs/ports/downtime.ts';
import type { Telling } from '../../src/jobs/ports/operation-threads.ts';
import type { Ports } from '../../src/jobs/ports/ports.ts';
import { readRefusals } from '../../src/jobs/refusals/read-refusals.ts';
import { writeRefusals } from '../../src/jobs/refusals/write-refusals.ts';
import configure from '../../src/jobs/runbooks/configure.ts';
import maintain from '../../src/jobs/runbooks/maintain.ts';
import reimage from '../../src/jobs/runbooks/reimage.ts';
import { recordInJournal } from '../../src/jobs/runbooks/swap/record-in-journal.ts';
import swap from '../../src/jobs/runbooks/swap.ts';
import { signerWith } from '../../src/jobs/signing/signer.ts';
import { signingJournal } from '../../src/jobs/signing/signing-journal.ts';
import { trustIn } from '../../src/jobs/signing/trust.ts';
import { verifyingJournal } from '../../src/jobs/signing/verifying-journal.ts';
import type { BreakGlass } from '../../src/policies/break-glass.ts';
import type { Directory } from '../../src/policies/directory.ts';
import type { Freeze } from '../../src/policies/freezes.ts';
import type { Policy } from '../../src/policies/policy.ts';
import type { Rule } from '../../src/policies/rule.ts';
import { policyWith } from '../policies/policy.ts';
import { until } from '../until.ts';
import { cleanRunbook, type Troubles } from './fixture/clean.ts';
import { commandsWith } from './fixture/commands.ts';
import { type Farm, farmOf } from './fixture/farm.ts';
import { inventoryOf, SIX_BUILDERS } from './fixture/inventory.ts';
import { namesOf } from './fixture/names.ts';
import { messagesInMemory, type Network, networkOf } from './fixture/network.ts';
import type { Pair } from './fixture/pair.ts';
import { type People, peopleOf } from './fixture/people.ts';
import type { Playbooks } from './fixture/playbooks.ts';
import { type FakeReloading, reloadingOf } from './fixture/reloading.ts';
import { CONFIGURE_RULE, PEOPLE, RULES, SWAP_RULE } from './fixture/rules.ts';

export const OPS = '#ops';
/** Where people hear of what nobody answers. */
export const ON_CALL = '#on-call';
const MINUTE = 60_000;
const staging = ZoneName.parse('staging');

export interface Said {
  readonly channel?: string;
  /** The network's id of the message, for one that is delivered twice. */
  readonly id?: string;
  /** Undefined: the network does not vouch for the sender. */
  readonly vouched?: boolean;
}

export interface World {
  readonly people: People;
  readonly farm: Farm;
  readonly journal: Journal;
  /** How long steps took in operations that nobody here remembers. */
  readonly durations: Durations;
  readonly estimates: Estimates;
  readonly now: () => number;
  readonly network: Network;
  readonly troubles: Troubles;
  readonly reloading: FakeReloading;
  /** What was reported as a bug. */
  readonly problems: unknown[];
  inventory: Inventory;
  /** A person types a line; the workers go on until they have to wait. Gives what #ops heard of it. */
  says(name: string, text: string, said?: Said): Promise<readonly string[]>;
  /** The same on another network, where nobody hears of operations. */
  saysOnIrc(name: string, text: string): Promise<readonly string[]>;
  /** The same for a reaction, to the newest message that asks something unless another is named. */
  reacts(
    name: string,
    emoji: string,
    to?: string,
    change?: 'added' | 'removed',
  ): Promise<readonly string[]>;
  /** Time goes by, and the workers notice. */
  passes(minutes: number): Promise<readonly string[]>;
  /** The bot is stopped, as far as it is in the middle of something. */
  stops(): Promise<void>;
  /** What happens while somebody does something else than type. */
  meanwhile(what: () => unknown): Promise<readonly string[]>;
  /** After it went away; time has to have passed since. */
  networkReturns(awayMs: number): Promise<readonly string[]>;
  /** Ids of the messages that asked something, oldest first. */
  prompts(): readonly string[];
  heard(channel: string): readonly string[];
  /** The newest operation's step tells these, all at once. */
  tells(step: string, ...tellings: readonly Telling[]): Promise<readonly string[]>;
  /** No worker looks at anything until they are back. */
  workersGo(): void;
  workersComeBack(): Promise<readonly string[]>;
  /** The channels hear nothing until it restarts. */
  narratorStops(): Promise<void>;
  narratorRestarts(cursor: 'saved' | 'lost'): Promise<void>;
  operations(): Promise<readonly OpId[]>;
}

export interface WorldOptions {
  /** What the third step of `clean` wants approved at its moment. */
  readonly stepApproval?: PlannedStep['approvals'];
  /** Instead of one that a test can take away. */
  readonly directory?: Directory;
  /** Whether the zone has a build system. */
  readonly hasFarm?: boolean;
  /** Why nothing in the store may change. */
  readonly readOnly?: ReadOnlyStore;
  /** Nobody is asked to slow down, however much a test types while time stands still. */
  readonly private?: true;
  /** What was typed is brought again where it was not dealt with; a test does that itself. */
  readonly keeps?: true;
  /** Whether the network has threads. */
  readonly threads?: boolean;
  /** Whether it can edit, so that operations have cards in it. */
  readonly edit?: boolean;
  /** Besides those that every world has. */
  readonly channels?: readonly Channel[];
  /** Networks besides matrix on which people hear of operations, too. */
  readonly alsoOn?: readonly ChatNetwork[];
  /** With it, people may type `!configure` too. */
  readonly playbooks?: ConfigurationManagement & Partial<Pick<Playbooks, 'held'>>;
  /** What silences alerts around an operation. */
  readonly downtime?: Downtime;
  /** What the last step of `clean` asks before it is done. */
  readonly question?: StepQuestion;
  /** What the site decided besides its rules. */
  readonly policy?: Partial<Policy>;
  /** Times of the configuration in which nothing starts. */
  readonly freezes?: readonly Freeze[];
  /** Nobody is reminded of anything without. */
  readonly reminders?: ReminderTimes;
  /** With it, services are swapped, and the inventory is theirs. */
  readonly pair?: Pair;
  /** As it is configured now, where there is one. */
  readonly breakGlass?: () => BreakGlass;
}

/** The bot in a channel of a team with six builders. Time stands still unless it is told to pass. */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const { stepApproval, playbooks, downtime, reminders, pair } = options;
  let at = Date.UTC(2026, 10, 18, 14, 0);
  const now = () => at;
  const stored = memoryJournal({ now, monotonic: now });
  let appended = 0;
  const counted: typeof stored = {
    ...stored,
    async append(ref, what) {
      const done = await stored.append(ref, what);
      if (done.kind === 'ok') appended += done.entries.length;
      return done;
    },
  };
  const signer = signerWith(generateKeyPairSync('ed25519').privateKey, 0);
  const refusalStore = memoryRefusals();
  const journal = verifyingJournal(counted, trustIn([signer.publicKey]));
  const people = peopleOf(PEOPLE);
  const directory = options.directory ?? people;
  const farm = farmOf(now);
  const network = networkOf(
    'matrix',
    { threads: options.threads ?? false, edit: options.edit ?? false },
    ownOf(options),
  );
  const messages = patientMessages(messagesInMemory());
  const troubles: Troubles = new Map();
  const problems: unknown[] = [];
  const runbooks = [
    reimage,
    cleanRunbook(troubles, stepApproval, options.question),
    ...(playbooks ? [configure] : []),
    ...(pair ? [swap, maintain] : []),
  ];
  const rules = [...RULES, ...(playbooks ? [CONFIGURE_RULE] : []), ...(pair ? [SWAP_RULE] : [])];
  const policyNow = (granted: readonly Rule[] = []) =>
    policyWith([...rules, ...granted], options.policy);
  const byName = new Map(runbooks.map((runbook) => [runbook.name, runbook]));
  const stepLog = memoryStepLog();
  const durations = memoryDurations();
  const toldThreads = memoryThreads();
  let tellings = 0;
  const threads: typeof toldThreads = {
    ...toldThreads,
    async tell(...told) {
      tellings += 1;
      await toldThreads.tell(...told);
    },
  };
  const names = namesOf();
  const absences = createAbsences();
  let working = true;
  let narrating = true;
  let ids = 0;

  const reloading = reloadingOf();

  const inventorySource = { current: () => world.inventory };
  const own = playbooks && { configuration: playbooks };
  const swaps = recordInJournal(journal);
  const ports = { farm, ...pair?.ports, inventory: inventorySource, ...own } as Ports;
  const channels: readonly Channel[] = [
    { network: 'matrix', channel: '#builders', watches: ['builders'] },
    { network: 'matrix', channel: '#mirrors', watches: ['mirrors'] },
    { network: 'matrix', channel: ON_CALL, watches: [], escalation: true },
    { network: 'irc', channel: '#elsewhere', watches: ['*'], escalation: true },
    ...(options.channels ?? []),
  ];
  const ledgers = memoryLedgers();
  const trust = trustIn([signer.publicKey]);
  const ledger = writeLedger({ ...glassLedger(ledgers, trust), signer, now });
  const identity: IdentityDesk = {
    ledger: writeLedger({ ...identityLedger(ledgers, trust), signer, now }),
    directory: people,
    networks: () => ['matrix', 'irc'],
    lastsMs: () => 180 * 24 * 60 * MINUTE,
  };
  const linked = linkedDirectory({ directory: () => directory, ledger: identity.ledger, now });
  const configured = () => options.breakGlass?.();
  const glass: GlassDesk = { ...readGlass({ configured, ledger, now }), ledger };
  const report = (problem: unknown) => problems.push(problem);
  const bot: Bot = {
    name: 'signalbox',
    prefix: '!',
    inventory: inventorySource.current,
    policy: () => policyNow(glass.rules()),
    freezes: () => options.freezes ?? [],
    directory: glassDirectory(() => linked, glass),
    glass,
    identity,
    refusals: {
      write: writeRefusals({ store: refusalStore, signer, now }),
      newest: async (count) =>
        (await readRefusals(refusalStore, trustIn([signer.publicKey]), count)).entries,
    },
    journal: signingJournal(journal, signer, now),
    readOnly: async () => options.readOnly,
    // Nobody waits for it.
    doorbell: { ring: () => new Promise(() => {}) },
    channels: () => channels,
    operations: readOperations(journal),
    stepLog,
    estimates: createEstimates({
      durations,
      runbooks: byName,
      now,
      report: (problem) => problems.push(problem),
    }),
    runbooks: byName,
    commands: commandsWith(runbooks),
    read: () => ({ ...ports, ...(pair && { swaps }) }),
    setStage: rehearsalStage,
    looks: createLooks((problem) => problems.push(problem)),
    redact: (text) => text,
    outOfService: (pool) => outOfService(pool, world.inventory, farm),
    hasFarm: () => options.hasFarm ?? true,
    reloading,
    approvalExpiresMs: 30 * MINUTE,
    timeScale: 1,
    now,
    report: (problem) => problems.push(problem),
  };
  const engine: Engine = {
    journal,
    runbooks: byName,
    withPorts: (work) => work(ports),
    downtime,
    gate: policyGate({
      policy: () => policyNow(),
      directory,
      glass: readGlass({ configured, ledger, now }),
      inventory: inventorySource.current,
      freezes: () => options.freezes ?? [],
      now,
      runbooks: byName,
      read: ports,
      journal,
      prefix: '!',
    }),
    stepLog,
    threads,
    bookmarks: memoryBookmarks(),
    redactor: createRedactor(),
    ...(reminders && { reminders: () => reminders }),
    timing: DEFAULT_TIMING,
    now,
    monotonic: now,
    report: (problem) => problems.push(problem),
  };
  const heardOn = [network, ...(options.alsoOn ?? [])];
  const narrate = (): Follower => {
    const each = heardOn.map(narrateOn);
    return { stop: async () => void (await Promise.all(each.map((one) => one.stop()))) };
  };
  const narrateOn = (on: ChatNetwork): Follower => {
    const common = {
      network: on,
      journal,
      messages,
      channels: () => channels,
      facts: { prefix: '!', timeScale: 1 },
      report: (problem: unknown) => problems.push(problem),
    };
    const { operations } = bot;
    const zones = () => [staging];
    const narrators = [
      startNarrator({ ...common, absences, estimates: bot.estimates, cardPaceMs: 1 }),
      startThreadNarrator({ ...common, threads, operations, zones, paceMs: 1 }),
    ];
    return {
      stop: async () => void (await Promise.all(narrators.map((each) => each.stop()))),
    };
  };
  let narrator = narrate();
  const isTold = async ({ name }: ChatNetwork) =>
    Number(await journal.cursor(`narrator ${name}`)) === appended &&
    (await journal.cursor(threadReader(name, staging))) === String(tellings);
  await network.start(openConversation({ bot, network, messages, absences, clock: now }));
  for (const on of options.alsoOn ?? []) {
    const own = { bot, network: on, messages, absences: createAbsences(), clock: now };
    await on.start(openConversation(own));
  }
  const irc = networkOf('irc');
  const talk = { bot, network: irc, messages, absences, clock: now };
  await irc.start(openConversation(talk));

  async function operations(): Promise<readonly OpId[]> {
    return (await journal.recent(1_000)).map(({ op }) => op).toReversed();
  }

  async function settle(): Promise<void> {
    for (let turn = 0; working && turn < 200; turn += 1) {
      const due = await journal.due(staging, 100);
      if (due.length === 0) break;
      for (const ref of due) await attend(engine, ref, { stopping: () => false });
    }
    await closeIfOver({ glass, directory: () => directory, now, report });
    if (!narrating || network.isAway()) return;
    await announceNew({
      network,
      journal,
      channels: () => channels,
      glass,
      prefix: () => '!',
      report,
    });
    for (const on of heardOn) await until(() => isTold(on));
  }

  async function heardDuring(what: () => unknown): Promise<readonly string[]> {
    const before = network.posted.length;
    await what();
    await Promise.race([bot.looks.idle(), ...(playbooks?.held ? [playbooks.held()] : [])]);
    await settle();
    const ops = await operations();
    const posted = network.posted.slice(before).filter(({ channel }) => channel === OPS);
    return posted.flatMap(({ lines }) => lines.map((line) => names.shown(line, ops)));
  }

  function senderOf(name: string, vouched: boolean) {
    return { id: vouched ? name : undefined, shown: name };
  }

  const world: World = {
    people,
    reloading,
    farm,
    journal,
    durations,
    estimates: bot.estimates,
    now,
    network,
    troubles,
    problems,
    inventory: pair?.inventory ?? inventoryOf(SIX_BUILDERS),
    says: async (name, text, { channel = OPS, id, vouched = true } = {}) => {
      const ref = { channel, id: id ?? `typed-${++ids}` };
      const typed = names.typed(text, await operations());
      const sender = senderOf(name, vouched);
      return heardDuring(() => network.bring({ kind: 'message', ref, sender, text: typed }));
    },
    async saysOnIrc(name, text) {
      const before = irc.posted.length;
      const ref = { channel: OPS, id: `on-irc-${++ids}` };
      const sender = senderOf(name, true);
      await irc.bring({ kind: 'message', ref, sender, text });
      await settle();
      return irc.posted.slice(before).flatMap(({ lines }) => lines);
    },
    reacts: (name, emoji, to, change = 'added') => {
      const on = { channel: OPS, id: to ?? world.prompts().at(-1) ?? '' };
      const ref = { channel: OPS, id: `reaction-${++ids}` };
      const sender = senderOf(name, true);
      return heardDuring(() => network.bring({ kind: 'reaction', ref, sender, on, emoji, change }));
    },
    passes: (minutes) =>
      heardDuring(() => {
        at += minutes * MINUTE;
        pair?.clock.advance(minutes * MINUTE);
      }),
    meanwhile: heardDuring,
    networkReturns: (awayMs) =>
      heardDuring(() => {
        at += 1;
        return network.returns(awayMs);
      }),
    stops: bot.looks.stop,
    prompts: () =>
      network.posted
        .filter(({ as, channel }) => as === 'prompt' && channel === OPS)
        .map(({ id }) => id),
    heard: (channel) =>
      network.posted.filter((posted) => posted.channel === channel).flatMap(({ lines }) => lines),
    tells: (step, ...told) =>
      heardDuring(async () => {
        const [ref] = await journal.recent(1);
        if (ref === undefined) throw new Error('there is no operation');
        await Promise.all(told.map((each) => threads.tell(ref, StepId.parse(step), each)));
      }),
    workersGo() {
      working = false;
    },
    workersComeBack: () =>
      heardDuring(() => {
        working = true;
      }),
    async narratorStops() {
      await narrator.stop();
      narrating = false;
    },
    async narratorRestarts(kept) {
      await narrator.stop();
      narrating = true;
      if (kept === 'lost') {
        await journal.saveCursor('narrator matrix', '0');
        await journal.saveCursor(threadReader('matrix', staging), '0');
      }
      narrator = narrate();
      await settle();
    },
    operations,
  };
  return world;
}

function ownOf({ private: own, keeps }: WorldOptions) {
  return { ...(own && { private: own }), ...(keeps && { keeps }) };
}

/** What the program does too, without remembering the answer. */
async function outOfService(pool: PoolName, { pools }: Inventory, farm: Farm) {
  const members = pools.get(pool)?.hosts ?? [];
  return farm.outOfService(members, AbortSignal.timeout(1_000)).catch(() => undefined);
}

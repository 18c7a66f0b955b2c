import type { Settings } from '../adapters/config/settings.ts';
import { rehearsalStage } from '../adapters/simulated/rehearsal-stage.ts';
import type { Bot } from '../bot/bot.ts';
import type { ChatNetwork } from '../bot/chat-network.ts';
import { type Duty, type DutyHolder, holdDuty } from '../bot/duties/hold-duty.ts';
import { type TalkOptions, talkOn } from '../bot/duties/talk.ts';
import { createEstimates } from '../bot/estimates/estimates.ts';
import { startLearner } from '../bot/estimates/learner.ts';
import type { Follower } from '../bot/feed/follow-feed.ts';
import type { GlassDesk } from '../bot/glass/glass-desk.ts';
import { startKeepingGlass } from '../bot/glass/keep-glass.ts';
import type { IdentityDesk } from '../bot/identity/identity-desk.ts';
import { createLooks } from '../bot/looks.ts';
import type { Channel } from '../bot/narrator/channels.ts';
import { patientMessages } from '../bot/narrator/patient-messages.ts';
import { readOperations } from '../bot/operations.ts';
import type { Refusals } from '../bot/refusals/refusals.ts';
import { glassLedger, readGlass } from '../jobs/glass/glass.ts';
import { glassDirectory } from '../jobs/glass/glass-directory.ts';
import { identityLedger } from '../jobs/identity/identity-ledger.ts';
import { linkedDirectory } from '../jobs/identity/linked-directory.ts';
import { writeLedger } from '../jobs/ledger/write-ledger.ts';
import { readRefusals } from '../jobs/refusals/read-refusals.ts';
import { writeRefusals } from '../jobs/refusals/write-refusals.ts';
import { recordInJournal } from '../jobs/runbooks/swap/record-in-journal.ts';
import { signingJournal } from '../jobs/signing/signing-journal.ts';
import { type AnchoringTimes, startAnchors } from './audit/start-anchors.ts';
import { farmsOf } from './farms-of.ts';
import { installServers } from './install-servers.ts';
import { keepChecking } from './keep-checking.ts';
import { policyOf } from './policy-of.ts';
import { problemText } from './problem-text.ts';
import type { Program } from './program.ts';
import { botReloading } from './reload/bot-reloading.ts';
import { startReportWebhooks } from './report-webhooks.ts';
import { signerOf } from './signing.ts';
import { zonesOf } from './zones-of.ts';

const APPROVAL_EXPIRES_MS = 30 * 60_000;
/** Of a worker's lease: people wait for who talks, and nothing is asked of a host in between. */
const DUTY_LEASE = 2 / 3;

export interface RunningBot {
  readonly bot: Bot;
  /** What one bot at a time does, and whether it is this one. */
  readonly duties: readonly Pick<DutyHolder, 'name' | 'isHeld'>[];
  stop(): Promise<void>;
}

/** Takes up everything that no other bot does: talking on the networks, serving installers, learning, reporting. */
export async function startBot(
  program: Program,
  networks: readonly ChatNetwork[],
  options: AnchoringTimes = {},
): Promise<RunningBot> {
  const bot = botOf(program);
  const leases = program.duties;
  const leaseMs = program.timing.leaseMs * DUTY_LEASE;
  const log = (message: string) => program.log('info', message);
  const duties: DutyHolder[] = [];
  let anchoring: Follower | undefined;
  const checking = keepChecking(program, bot.report);
  const stop = async () => {
    // First, while what becomes of them can still be said.
    await bot.looks.stop();
    for (const duty of duties) await duty.stop();
    await anchoring?.stop();
    checking.stop();
  };
  try {
    for (const duty of dutiesOf(program, bot, networks)) {
      duties.push(await holdDuty(duty, { leases, leaseMs, log, report: bot.report }));
    }
    // Each bot remembers for itself, on its own machine, where journals end.
    anchoring = startAnchors(program, bot.report, options);
  } catch (problem) {
    await stop();
    throw problem;
  }
  return { bot, duties, stop };
}

function dutiesOf(program: Program, bot: Bot, networks: readonly ChatNetwork[]): readonly Duty[] {
  const { journal, timing, durations } = program;
  const { timeScale } = timing;
  const { report } = bot;
  return [
    ...networks.map((network) => talkOn(talking(program, bot, network))),
    ...installServers(program),
    following('learn how long steps take', () =>
      startLearner({ journal, durations, timeScale, report }),
    ),
    keepingGlass(program, bot),
    following('post reports', () => startReportWebhooks(program, bot)),
  ];
}

function following(name: string, start: () => Follower): Duty {
  return {
    name,
    async begin() {
      const follower = start();
      return () => follower.stop();
    },
  };
}

function keepingGlass(program: Program, { glass, now, report }: Bot): Duty {
  return {
    name: 'close the break-glass',
    async begin() {
      const directory = () => program.configuration.directory;
      const keeping = startKeepingGlass({ glass, directory, now, report });
      return () => keeping.stop();
    },
  };
}

function talking(program: Program, bot: Bot, network: ChatNetwork): TalkOptions {
  return {
    bot,
    network,
    journal: program.journal,
    messages: patientMessages(program.messages),
    channels: bot.channels,
    facts: {
      get prefix() {
        return program.configuration.settings.prefix;
      },
      timeScale: program.timing.timeScale,
    },
    estimates: bot.estimates,
    report: bot.report,
    threads: program.threads,
    operations: bot.operations,
    zones: () => zonesOf(program.configuration),
    quarantineEveryMs: () => program.configuration.settings.reminders.quarantineEveryMs,
  };
}

function channelsOf({ channels }: Settings): readonly Channel[] {
  return channels.map((channel) => ({
    ...channel,
    watches: channel.watches === '*' ? ['*'] : channel.watches,
  }));
}

function glassDesk(program: Program): GlassDesk {
  const { ledgers, signing, now } = program;
  const signer = signerOf(signing);
  const ledger = writeLedger({ ...glassLedger(ledgers, signing.trust), signer, now });
  const configured = () => program.configuration.breakGlass;
  return { ...readGlass({ configured, ledger, now }), ledger };
}

function refusalsOf({ refusals, signing, now }: Program): Refusals {
  const write = writeRefusals({ store: refusals, signer: signerOf(signing), now });
  const newest = async (count: number) =>
    (await readRefusals(refusals, signing.trust, count)).entries;
  return { write, newest };
}

function identityDesk(program: Program): IdentityDesk {
  const { ledgers, signing, now } = program;
  const signer = signerOf(signing);
  return {
    ledger: writeLedger({ ...identityLedger(ledgers, signing.trust), signer, now }),
    get directory() {
      return program.configuration.directory;
    },
    networks: () => policyOf(program).strength.here,
    lastsMs: () => program.configuration.settings.linksLastMs,
  };
}

/** What a reload may change is asked of the program each time. */
function botOf(program: Program): Bot {
  const { definitions, journal, doorbell, stepLog, durations, timing, now, log } = program;
  const inventory = () => program.configuration.inventory;
  const glass = glassDesk(program);
  const identity = identityDesk(program);
  const { ledger } = identity;
  const swaps = recordInJournal(journal);
  const linked = linkedDirectory({ directory: () => program.configuration.directory, ledger, now });
  const report = (problem: unknown) => {
    program.metrics.problems.inc();
    log('error', program.redactor.redact(problemText(problem)));
  };
  return {
    name: 'signalbox',
    get prefix() {
      return program.configuration.settings.prefix;
    },
    inventory,
    policy: () => policyOf(program, glass),
    freezes: () => program.configuration.settings.freezes,
    directory: glassDirectory(() => linked, glass),
    glass,
    identity,
    refusals: refusalsOf(program),
    journal: signingJournal(journal, signerOf(program.signing), now),
    readOnly: program.readOnly,
    doorbell,
    channels: () => channelsOf(program.configuration.settings),
    operations: readOperations(journal),
    stepLog,
    estimates: createEstimates({ durations, runbooks: definitions.runbooks, now, report }),
    runbooks: definitions.runbooks,
    commands: definitions.commands,
    read: (zone) => ({ ...program.zone(zone).ports, swaps }),
    setStage: rehearsalStage,
    looks: createLooks(report),
    redact: program.redactor.redact,
    ...farmsOf(program, report),
    reloading: botReloading(program),
    approvalExpiresMs: APPROVAL_EXPIRES_MS,
    timeScale: timing.timeScale,
    now,
    report,
  };
}

import type { Settings } from '../adapters/config/settings.ts';
import type { Bot } from '../bot/bot.ts';
import type { ChatNetwork } from '../bot/chat-network.ts';
import { take } from '../bot/conversation.ts';
import { createEstimates } from '../bot/estimates/estimates.ts';
import { startLearner } from '../bot/estimates/learner.ts';
import { createLooks } from '../bot/looks.ts';
import type { Channel } from '../bot/narrator/channels.ts';
import { startNarrator } from '../bot/narrator/narrator.ts';
import { patientMessages } from '../bot/narrator/patient-messages.ts';
import { startThreadNarrator } from '../bot/narrator/thread-narrator.ts';
import { readOperations } from '../bot/operations.ts';
import { signingJournal } from '../jobs/signing/signing-journal.ts';
import { startAnchors } from './audit/start-anchors.ts';
import { startInstallServers } from './install-servers.ts';
import { poolHealth } from './pool-health.ts';
import { problemText } from './problem-text.ts';
import type { Program } from './program.ts';
import { botReloading } from './reload/bot-reloading.ts';
import { startReportWebhooks } from './report-webhooks.ts';
import { signerOf } from './signing.ts';
import { zonesOf } from './zones-of.ts';

const APPROVAL_EXPIRES_MS = 30 * 60_000;

export interface RunningBot {
  readonly bot: Bot;
  stop(): Promise<void>;
}

/** Connects the networks, listens to them, and tells them what happens. */
export async function startBot(
  program: Program,
  networks: readonly ChatNetwork[],
): Promise<RunningBot> {
  const bot = botOf(program);
  const { journal, timing, durations } = program;
  const messages = patientMessages(program.messages);
  // First, while what becomes of them can still be said.
  const stops: (() => Promise<void>)[] = [() => bot.looks.stop()];
  const stop = async () => {
    for (const each of stops) await each();
  };
  try {
    for (const network of networks) {
      stops.push(() => network.stop());
      await network.start((incoming) => take({ bot, network, messages }, incoming));
    }
    await startInstallServers(program, stops);
  } catch (problem) {
    await stop();
    throw problem;
  }
  const narrators = networks.flatMap((network) => {
    const options = {
      network,
      journal,
      messages,
      channels: bot.channels,
      facts: {
        get prefix() {
          return program.configuration.settings.prefix;
        },
        timeScale: timing.timeScale,
      },
      estimates: bot.estimates,
      report: bot.report,
    };
    const { threads } = program;
    const { operations } = bot;
    const zones = () => zonesOf(program.configuration);
    return [
      startNarrator(options),
      startThreadNarrator({ ...options, threads, operations, zones }),
    ];
  });
  const { timeScale } = timing;
  const learner = startLearner({ journal, durations, timeScale, report: bot.report });
  const webhooks = startReportWebhooks(program, bot);
  const anchoring = startAnchors(program, bot.report);
  stops.push(
    ...[...narrators, learner, webhooks, anchoring].map((follower) => () => follower.stop()),
  );
  return { bot, stop };
}

function channelsOf({ channels }: Settings): readonly Channel[] {
  return channels.map((channel) => ({
    ...channel,
    watches: channel.watches === '*' ? ['*'] : channel.watches,
  }));
}

/** What a reload may change is asked of the program each time. */
function botOf(program: Program): Bot {
  const { definitions, journal, doorbell, stepLog, durations, timing, now, log } = program;
  const inventory = () => program.configuration.inventory;
  const report = (problem: unknown) => {
    log('error', program.redactor.redact(problemText(problem)));
  };
  return {
    name: 'signalbox',
    get prefix() {
      return program.configuration.settings.prefix;
    },
    inventory,
    rules: () => program.configuration.settings.rules,
    get directory() {
      return program.configuration.directory;
    },
    journal: signingJournal(journal, signerOf(program.signing), now),
    doorbell,
    channels: () => channelsOf(program.configuration.settings),
    operations: readOperations(journal),
    stepLog,
    estimates: createEstimates({ durations, runbooks: definitions.runbooks, now, report }),
    runbooks: definitions.runbooks,
    commands: definitions.commands,
    read: (zone) => program.zone(zone).ports,
    looks: createLooks(report),
    redact: program.redactor.redact,
    outOfService: poolHealth(inventory, (zone) => program.zone(zone).ports.farm, report),
    reloading: botReloading(program),
    approvalExpiresMs: APPROVAL_EXPIRES_MS,
    timeScale: timing.timeScale,
    now,
    report,
  };
}

import { join } from 'node:path';
import type { ChatMemory } from '../adapters/chat-memory.ts';
import type { LoadedConfiguration } from '../adapters/config/load-configuration.ts';
import type { InstallTokens } from '../adapters/infra/install-server/install-tokens.ts';
import { redisInstallTokens } from '../adapters/infra/install-server/redis-install-tokens.ts';
import { environmentSecrets } from '../adapters/secrets/environment-secrets.ts';
import { bullmqDoorbell } from '../adapters/store/bullmq-doorbell.ts';
import { guardedJournal } from '../adapters/store/history/guarded-journal.ts';
import { markFile } from '../adapters/store/history/mark-file.ts';
import { redisHistory } from '../adapters/store/history/redis-history.ts';
import { guardStore } from '../adapters/store/history/store-guard.ts';
import { redisAudit } from '../adapters/store/redis-audit.ts';
import { redisBookmarks } from '../adapters/store/redis-bookmarks.ts';
import { redisChatMemory } from '../adapters/store/redis-chat-memory.ts';
import { redisDurations } from '../adapters/store/redis-durations.ts';
import { redisDuties } from '../adapters/store/redis-duties.ts';
import { redisHostKeys } from '../adapters/store/redis-host-keys.ts';
import { redisJournal } from '../adapters/store/redis-journal.ts';
import { redisLedgers } from '../adapters/store/redis-ledgers.ts';
import { redisMessages } from '../adapters/store/redis-messages.ts';
import { redisRefusals } from '../adapters/store/redis-refusals.ts';
import { redisReloadRequests } from '../adapters/store/redis-reload-requests.ts';
import { redisStepLog } from '../adapters/store/redis-step-log.ts';
import { redisThreads } from '../adapters/store/redis-threads.ts';
import type { Store } from '../adapters/store/store.ts';
import { countedJournal } from '../adapters/telemetry/counted-journal.ts';
import { createMetrics, type Metrics } from '../adapters/telemetry/metrics.ts';
import type { LogAbout } from '../adapters/telemetry/observe-engine.ts';
import { startTracing, type Tracing, wantsTraces } from '../adapters/telemetry/tracing.ts';
import type { DutyLeases } from '../bot/duties/duty-leases.ts';
import type { Durations } from '../bot/estimates/durations.ts';
import type { Messages } from '../bot/narrator/messages.ts';
import type { ReloadRequests } from '../bot/reload-requests.ts';
import type { Reloaded } from '../bot/reloading.ts';
import type { ReadOnlyStore } from '../bot/watch-store.ts';
import type { ZoneName } from '../domain/ids.ts';
import type { AuditStore } from '../jobs/audit/audit-store.ts';
import { DEFAULT_TIMING, type Timing } from '../jobs/engine/engine.ts';
import { createRedactor, type Redactor } from '../jobs/engine/redactor.ts';
import { type Glass, glassLedger, readGlass } from '../jobs/glass/glass.ts';
import type { Doorbell, Journal } from '../jobs/journal/journal.ts';
import type { LedgerStore } from '../jobs/ledger/ledger-store.ts';
import { readLedger } from '../jobs/ledger/read-ledger.ts';
import type { Bookmarks } from '../jobs/ports/bookmarks.ts';
import type { HostKeys } from '../jobs/ports/host-keys.ts';
import type { OperationThreads } from '../jobs/ports/operation-threads.ts';
import type { SecretSource } from '../jobs/ports/secret-source.ts';
import type { StepLog } from '../jobs/ports/step-log.ts';
import type { RefusalStore } from '../jobs/refusals/refusal-store.ts';
import { verifyingJournal } from '../jobs/signing/verifying-journal.ts';
import { connectZone, type ZoneConnection } from './connect-zone.ts';
import { type Definitions, loadDefinitions } from './definitions.ts';
import { problemText } from './problem-text.ts';
import { readConfiguration } from './read-configuration.ts';
import { startReloading } from './reload/start-reloading.ts';
import { openSigning, type Purpose, type Signing } from './signing.ts';
import { startStoreClock } from './store-clock.ts';
import { zonesOf } from './zones-of.ts';

export type Log = (level: 'info' | 'warn' | 'error', message: string, about?: LogAbout) => void;

/** What bot and worker have in common: configuration, store, and the zones they reach. */
export interface Program {
  /** As it is now: a reload replaces it as a whole, so it is asked for again each time it is needed. */
  readonly configuration: LoadedConfiguration;
  readonly definitions: Definitions;
  readonly store: Store;
  readonly signing: Signing;
  /** Verifies what it reads. What people decide is written through the bot, which signs it. */
  readonly journal: Journal;
  /** Why nothing in the store may change; undefined where everything may. */
  readOnly(): Promise<ReadOnlyStore | undefined>;
  /** The same store, as an auditor sees it. */
  readonly auditStore: AuditStore;
  readonly doorbell: Doorbell;
  readonly messages: Messages;
  readonly chatMemory: (network: string) => ChatMemory;
  readonly stepLog: StepLog;
  readonly ledgers: LedgerStore;
  readonly refusals: RefusalStore;
  /** As far as whoever decides has to know it. */
  readonly glass: Glass;
  readonly threads: OperationThreads;
  readonly bookmarks: Bookmarks;
  readonly durations: Durations;
  readonly duties: DutyLeases;
  readonly redactor: Redactor;
  readonly secrets: SecretSource;
  readonly timing: Timing;
  readonly now: () => number;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Absent unless the environment asks for traces. */
  readonly tracing: Tracing | undefined;
  hostKeys(zone: ZoneName): HostKeys;
  /** What installers of a zone may have now, shared by its bots and workers. */
  installTokens(zone: ZoneName): InstallTokens;
  zone(name: ZoneName): ZoneConnection;
  readonly reloadRequests: ReloadRequests;
  /** Reads configuration and inventory again and logs what came of it. One at a time; takes all of it or nothing. */
  reload(because: string): Promise<Reloaded>;
  /** Why the last reload was refused; empty when it was taken. */
  refusedReload(): readonly string[];
  /** Called after each reload that was taken. */
  whenReloaded(listener: () => void): void;
  close(): Promise<void>;
}

export interface ProgramOptions {
  readonly configPath: string;
  readonly openStore: (configuration: LoadedConfiguration) => Promise<Store>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly timing?: Timing;
  /** What it can do; what its folders hold when absent. */
  readonly definitions?: Definitions;
  /** The one zone that it works for, where it has no rights in others. */
  readonly zone?: string;
  /** `work` when absent. */
  readonly purpose?: Purpose;
  /** Who remembers under this name what it has seen, from one start to the next; nobody when absent. */
  readonly remember?: string;
}

export async function openProgram(options: ProgramOptions): Promise<Program> {
  const { log, env, timing = DEFAULT_TIMING, purpose = 'work' } = options;
  const zoneOnly = options.zone as ZoneName | undefined;
  const definitions = options.definitions ?? (await loadDefinitions());
  const redactor = createRedactor();
  const secrets = environmentSecrets({ env, learn: redactor.learn });
  const read = () => readConfiguration(options.configPath, definitions, secrets);
  let configuration = await read();
  const store = await options.openStore(configuration);
  const redis = store.connection('commands');
  const raw = redisJournal(redis, { replicas: store.replicas });
  const clock = await startStoreClock(raw, (problem) => log('warn', String(problem))).catch(
    async (problem) => {
      await store.close();
      throw problem;
    },
  );
  const history = redisHistory(redis);
  const guardedZones = () => (zoneOnly ? [zoneOnly] : zonesOf(configuration));
  const { signing, guard } = await openGuarded().catch(async (problem) => {
    clock.stop();
    await store.close();
    throw problem;
  });
  const stored = guard === undefined ? raw : guardedJournal(raw, guard);

  async function openGuarded() {
    const { settings } = configuration;
    const signing = await openSigning(settings, raw, purpose);
    if (purpose === 'look') return { signing, guard: undefined };
    const { remember } = options;
    const guard = await guardStore({
      history,
      zones: guardedZones,
      now: clock.now,
      log: (message) => log('error', message),
      ...(remember && { file: markFile(join(settings.store.data, `seen-by-${remember}.json`)) }),
    });
    redis.on('close', guard.doubt);
    // At once, and not when something is next changed: whoever watches the channel is to hear of it.
    redis.on('ready', () => void guard.pass().catch(() => {}));
    return { signing, guard };
  }

  const metrics = createMetrics();
  const tracing = wantsTraces(env) ? startTracing(configuration.settings.name) : undefined;
  const journal = countedJournal(verifyingJournal(stored, signing.trust), metrics);
  const ledgers = redisLedgers(redis, { replicas: store.replicas });
  const glass = readGlass({
    configured: () => configuration.breakGlass,
    ledger: readLedger(glassLedger(ledgers, signing.trust)),
    now: clock.now,
  });
  const doorbell = bullmqDoorbell({ store, tracing, log: (message) => log('warn', message) });
  const zones = new Map<ZoneName, ZoneConnection>();
  const hostKeys = (zone: ZoneName) => redisHostKeys(redis, { zone });
  const installTokens = (zone: ZoneName) => redisInstallTokens(redis, { zone });

  function zone(name: ZoneName): ZoneConnection {
    const known = zones.get(name);
    if (known !== undefined) return known;
    const connection = connectZone(
      configuration.settings.zones.get(name) ?? { drivers: new Map() },
      definitions.drivers,
      {
        zone: name,
        inventory: { current: () => configuration.inventory },
        hostKeys: hostKeys(name),
        installTokens: installTokens(name),
        secrets,
        report: (problem) => log('error', redactor.redact(problemText(problem))),
      },
    );
    zones.set(name, connection);
    return connection;
  }

  const reloading = startReloading({
    read,
    current: () => configuration,
    replace: (next) => {
      configuration = next;
    },
    connected: () => zones,
    answersFor: (name) => options.zone === undefined || options.zone === name,
    journal,
    redact: redactor.redact,
    log,
  });

  return {
    get configuration() {
      return configuration;
    },
    definitions,
    store,
    signing,
    journal,
    readOnly: () => history.readOnly(guardedZones()),
    auditStore: redisAudit(redis),
    doorbell,
    messages: redisMessages(redis),
    chatMemory: (network) => redisChatMemory(redis, network),
    stepLog: redisStepLog(redis),
    ledgers,
    refusals: redisRefusals(redis),
    glass,
    threads: redisThreads(redis),
    bookmarks: redisBookmarks(redis),
    durations: redisDurations(redis),
    duties: redisDuties(redis, { replicas: store.replicas }),
    redactor,
    secrets,
    timing,
    now: clock.now,
    log,
    metrics,
    tracing,
    hostKeys,
    installTokens,
    zone,
    reloadRequests: redisReloadRequests(redis),
    ...reloading,
    async close() {
      clock.stop();
      await guard?.stop();
      await Promise.all([...zones.values()].map((connection) => connection.close()));
      await doorbell.close();
      await store.close();
      await tracing?.stop();
    },
  };
}

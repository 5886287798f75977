import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { connectors } from '../connectors/registry.ts';
import { openKeyFile } from '../control/key-file.ts';
import { openLoginThrottle } from '../control/login-throttle.ts';
import { openPasswords } from '../control/passwords.ts';
import { openSecrets } from '../control/secrets.ts';
import { openSessions } from '../control/sessions.ts';
import { openSigningKey } from '../control/signing-key.ts';
import { openControlStore, type HomeStore } from '../control/store.ts';
import { openTokens } from '../control/tokens.ts';
import { openUsers, type Users } from '../control/users.ts';
import { systemClock, type Clock } from '../core/clock.ts';
import type { Configuration } from '../core/configuration.ts';
import type { HomeProfile } from '../core/home-profile.ts';
import type { PeriodCalendar } from '../core/period-calendar.ts';
import type { Logger } from '../core/logger.ts';
import type { Progress } from '../core/progress.ts';
import { buildable, datasets } from './catalog-views.ts';
import { requireHome } from './home-directory.ts';
import { homeProfile, recordProfile } from './home-profile-state.ts';
import { deliverIssued, issueDue } from './issue-due.ts';
import { ingestDependencies } from './ingest-effects.ts';
import { loadCalendars } from './load-calendars.ts';
import { openWarehouse } from './open-warehouse.ts';
import { activeSources, ownedContracts } from './registered-streams.ts';
import { systemCall } from './system-call.ts';
import { packageRoot, packageVersion } from './package-root.ts';
import type { EditionDependencies } from '../reports/edition-dependencies.ts';
import { EditionStore } from '../reports/edition-store.ts';
import { reports } from '../reports/registry.ts';
import { createAssetServices } from '../services/asset-services.ts';
import { createAuditServices } from '../services/audit-services.ts';
import { createBatchServices } from '../services/batch-services.ts';
import { createConnectorServices } from '../services/connector-services.ts';
import { createExtractServices, expireExtracts } from '../services/extract-services.ts';
import { createHomeServices } from '../services/home-services.ts';
import { createIndicatorServices, indicatorQuestion } from '../services/indicator-services.ts';
import { createPeopleServices } from '../services/people-services.ts';
import { createReportServices } from '../services/report-services.ts';
import { runDueSchedules, type ScheduleDependencies } from '../services/run-schedules.ts';
import { createScheduleServices } from '../services/schedule-services.ts';
import { createSourceServices } from '../services/source-services.ts';
import { createTraceServices } from '../services/trace-services.ts';
import type { Services } from '../services/port.ts';
import { defineAssets } from '../transforms/catalog/assets-in-force.ts';
import { loadCatalog } from '../transforms/catalog/load-catalog.ts';
import { loadIndicators } from '../transforms/catalog/load-indicators.ts';
import { openLandingStore } from '../warehouse/landing/directory-store.ts';
import { buildAssets, type BuildDependencies } from '../workflows/activities/build-assets.ts';
import { settleHome, type SettleReport } from '../workflows/activities/settle-home.ts';

/** A home that this process owns, with everything wired. */
export interface Home {
  readonly directory: string;
  readonly services: Services;
  readonly users: Users;
  readonly store: HomeStore;
  readonly settled: SettleReport;
  readonly periods: PeriodCalendar;
  profile(): Promise<HomeProfile>;
  configure(profile: HomeProfile): Promise<void>;
  /** Runs what is due: schedules, expiries. */
  tick(): Promise<void>;
  close(): Promise<void>;
}

/** What opening needs besides the configuration. */
export interface OpenOptions {
  readonly log: Logger;
  readonly progress: Progress;
  readonly clock?: Clock;
}

/**
 * Opens a home exclusively: the warehouse's file lock decides between processes. Settles every unsettled batch before
 * it returns. Throws fatal `home-missing`, `home-in-use`.
 */
export async function openHome(configuration: Configuration, options: OpenOptions): Promise<Home> {
  const clock = options.clock ?? systemClock;
  const directory = path.resolve(configuration.home);
  requireHome(directory);
  const root = packageRoot();
  const warehouse = await openWarehouse(directory, clock, options.log);
  const store = await openControlStore({
    database:
      configuration.databaseUrl === undefined
        ? { kind: 'sqlite', path: path.join(directory, 'control.db') }
        : { kind: 'postgres', url: configuration.databaseUrl },
    clock,
    anchorPath: path.join(directory, 'journal.anchor'),
  });
  const key = openKeyFile(configuration.keyFile ?? path.join(directory, 'home.key'));
  const secrets = openSecrets(store, key);
  const landing = await openLandingStore({ root: path.join(directory, 'landing'), clock });
  const ingest = ingestDependencies({
    store,
    warehouse,
    landing,
    secrets,
    clock,
    log: options.log,
  });
  const contracts = () => ownedContracts(store);
  await warehouse.prepare((await contracts()).map(({ contract }) => contract));
  const catalog = await loadCatalog({
    directory: path.join(root, 'transforms'),
    tablesOf: (sql) => warehouse.tablesOf(sql),
  });
  await defineAssets(
    store,
    catalog.assets.map(({ key: asset, sql, sha256, dependsOn }) => ({
      key: asset,
      sql,
      sha256,
      inputs: dependsOn,
    })),
  );
  const settled = await settleHome(ingest, options.progress);
  const profile = () => homeProfile(store);
  const build: BuildDependencies = { store, warehouse, assets: buildable(catalog) };
  const calendars = await loadCalendars(root);
  const editions: EditionDependencies = {
    store,
    warehouse,
    editions: new EditionStore(path.join(directory, 'editions')),
    catalog,
    periods: calendars.periods,
    language: configuration.locale,
    clock,
    publicUrl: configuration.publicUrl ?? null,
    profile,
    sources: async () =>
      (await activeSources(store)).map(({ name, contracts: own }) => ({
        name,
        tables: own.map(({ layer, stream }) => `${layer}.${stream}`),
      })),
  };
  const signing = await openSigningKey(store, key);
  const users = openUsers(store, openPasswords());
  const indicators = await loadIndicators(path.join(root, 'transforms/catalog/indicators'));
  const indicatorDeps = {
    store,
    warehouse,
    catalog,
    indicators,
    periods: calendars.periods,
    clock,
    profile,
  };
  const deliver = (reference: string) => deliverIssued(configuration, editions, reference);
  const refresh = async (facts: readonly string[]) => {
    await buildAssets(build, facts, () => undefined);
  };
  const sources = createSourceServices({
    ...ingest,
    solo: async () => (await profile()).solo,
    seal: (source, name, value) => secrets.set(source, name, value, 'local'),
    scratchLanding: async () => {
      const scratch = path.join(directory, 'tmp', `preview-${randomBytes(6).toString('hex')}`);
      return { landing: await openLandingStore({ root: scratch, clock }), directory: scratch };
    },
  });
  const extractDeps = {
    store,
    warehouse,
    directory: path.join(directory, 'extracts'),
    engineOut: path.join(directory, 'out'),
    language: configuration.locale,
    publicKeyPem: signing.publicPem,
    sign: (bytes: Uint8Array) => signing.sign(bytes),
    datasets: datasets(catalog),
    clock,
    minimumFrequency: 3,
    profile,
  };
  const schedules: ScheduleDependencies = {
    store,
    clock,
    log: options.log,
    calendars,
    work: {
      ingest: async (source) => (await sources.ingest(systemCall(), source, {})).run,
      report: (name, period, evenIncomplete) =>
        issueDue({ editions, refresh, deliver }, name, period, evenIncomplete),
    },
  };
  const landedPath = (sha256: string) =>
    path.join(directory, 'landing/sha256', sha256.slice(0, 2), sha256);
  const services: Services = {
    home: createHomeServices({
      store,
      warehouse,
      publicKeyPem: signing.publicPem,
      version: packageVersion(),
      profile,
      clock,
      directory,
    }),
    connectors: createConnectorServices(connectors),
    sources,
    batches: createBatchServices({ ...ingest, landedPath }),
    assets: createAssetServices({ store, warehouse, catalog, build, contracts }),
    indicators: createIndicatorServices(indicatorDeps),
    reports: createReportServices({
      ...editions,
      reports,
      draftsDirectory: path.join(directory, 'out/drafts'),
      deliver,
      refresh,
    }),
    schedules: createScheduleServices(schedules),
    extracts: createExtractServices(extractDeps),
    trace: createTraceServices({
      store,
      warehouse,
      landingUri: (sha256) => `landing/sha256/${sha256.slice(0, 2)}/${sha256}`,
      editions: editions.editions,
      catalog,
      evidenceDirectory: path.join(directory, 'out/evidence'),
      loadedKey: async (asset) =>
        (await contracts()).find(({ contract }) => `${contract.layer}.${contract.stream}` === asset)
          ?.contract.key ?? [],
      indicator: (reference) => indicatorQuestion(indicatorDeps, reference),
    }),
    audit: createAuditServices({ store, exportDirectory: path.join(directory, 'out') }),
    people: createPeopleServices({
      users,
      sessions: openSessions(store, users, clock),
      tokens: openTokens(store, users, clock),
      throttle: openLoginThrottle(store, clock),
    }),
  };
  return {
    directory,
    services,
    users,
    store,
    settled,
    periods: calendars.periods,
    profile,
    configure: (next) => recordProfile(store, next),
    tick: async () => {
      await runDueSchedules(schedules);
      await expireExtracts(extractDeps);
    },
    close: async () => {
      await warehouse.close();
      await store.close();
    },
  };
}

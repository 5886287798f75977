import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { connectors, readyConnectors } from '../connectors/registry.ts';
import { openLoginThrottle } from '../control/login-throttle.ts';
import { openSessions } from '../control/sessions.ts';
import { openTokens } from '../control/tokens.ts';
import type { Users } from '../control/users.ts';
import type { EditionDependencies } from '../reports/edition-dependencies.ts';
import { EditionStore } from '../reports/edition-store.ts';
import { reports } from '../reports/registry.ts';
import { createAssetServices } from '../services/asset-services.ts';
import { createAuditServices } from '../services/audit-services.ts';
import { createBatchServices } from '../services/batch-services.ts';
import { createConnectorServices } from '../services/connector-services.ts';
import { createExtractServices } from '../services/extract-services.ts';
import { createHomeServices } from '../services/home-services.ts';
import { createIndicatorServices, indicatorQuestion } from '../services/indicator-services.ts';
import { createPeopleServices } from '../services/people-services.ts';
import { createReportServices } from '../services/report-services.ts';
import type { ScheduleDependencies } from '../services/schedule-work.ts';
import { createScheduleServices } from '../services/schedule-services.ts';
import { createSourceServices } from '../services/source-services.ts';
import type { ClassifiedTables } from '../services/hidden-columns.ts';
import { createTraceServices } from '../services/trace-services.ts';
import { InboxStore } from '../net/inbox-store.ts';
import { createInboxServices, inboxLimits } from '../services/inbox-services.ts';
import type { Services } from '../services/port.ts';
import { createClassesNow } from '../transforms/catalog/inherited-classes.ts';
import { createColumnCheck } from '../transforms/catalog/asset-lineage.ts';
import { buildAssets, type BuildDependencies } from '../workflows/activities/build-assets.ts';
import { failureOf } from '../core/errors.ts';
import type { IngestDependencies } from '../workflows/activities/ingest-dependencies.ts';
import { requireBuilt } from '../workflows/build-stale.ts';
import type { ChunkLimits } from '../workflows/activities/read-chunk.ts';
import type { ActivityFactory } from '../workflows/embedded/host.ts';
import { ranOf } from '../workflows/run-schedule.ts';
import type { RunMetrics } from '../workflows/run-metrics.ts';
import type { Runner } from '../workflows/runner.ts';
import { buildable, datasets } from './catalog-views.ts';
import type { Foundations } from './foundations.ts';
import { recordProfile } from './home-profile-state.ts';
import { deliverIssued, homeActivities } from './home-activities.ts';
import { packageVersion } from './package-root.ts';
import { activeSources, ownedContracts } from './registered-streams.ts';
import { openScratchHome } from './scratch-home.ts';
import { createAlertWatch } from '../services/tell-alerts.ts';
import { tellAlertsByMail, tellOwnersByMail } from './notices-by-mail.ts';
import { systemCall } from './system-call.ts';

/** The services of a home, and what its tick works with. */
export interface Wired {
  readonly services: Services;
  readonly schedules: ScheduleDependencies;
  readonly extracts: Parameters<typeof createExtractServices>[0];
}

/** What issuing and delivering need. */
interface IssueDependencies {
  readonly editions: EditionDependencies;
  readonly refresh: (facts: readonly string[]) => Promise<void>;
  readonly deliver: (reference: string) => Promise<void>;
}

/** What both the host of pipelines and the services stand on. */
export interface HomeParts {
  readonly ingest: IngestDependencies;
  readonly issuing: IssueDependencies;
  readonly extracts: Wired['extracts'];
  /** Every activity of the home, for the host that runs its pipelines. */
  readonly activities: ActivityFactory;
}

/** The parts of a home over its foundations. */
export function homeParts(
  base: Foundations,
  ingest: IngestDependencies,
  chunk?: ChunkLimits,
): HomeParts {
  const { store, warehouse, catalog, clock, log, calendars } = base;
  const build: BuildDependencies = {
    store,
    warehouse,
    assets: buildable(catalog),
    requireColumns: createColumnCheck(warehouse, catalog.assets),
  };
  const issuing = issuingOf(base, build);
  const extracts = extractsOf(base);
  const slots = { store, clock, log, calendars };
  const activities = homeActivities({ ingest, build, ...issuing, extracts, slots, chunk });
  return { ingest, issuing, extracts, activities };
}

/** Wires every service over the home's foundations and the host of its pipelines. */
export function wireServices(
  base: Foundations,
  { ingest, issuing, ...parts }: HomeParts,
  runner: Runner,
  users: Users,
  runs: Pick<RunMetrics, 'text'>,
): Wired {
  const { store, warehouse, catalog, directory } = base;
  const sources = tellingOwners(base, ingest, sourcesOf(base, ingest, runner));
  const schedules = schedulesOf(base, runner);
  const extracts: Wired['extracts'] = {
    ...parts.extracts,
    production: async ({ person, progress, signal }, extract) => {
      await runner.run('produceExtract', { extract, actor: person.actor }, { progress, signal });
    },
  };
  const classified = classifiedOf(base);
  const services: Services = {
    home: createHomeServices({
      ...base,
      configure: (profile, actor) => recordProfile(store, profile, actor),
      publicKeyPem: base.signing.publicPem,
      version: packageVersion(),
      runs,
    }),
    connectors: createConnectorServices(connectors, readyConnectors),
    sources,
    inbox: inboxOf(base),
    batches: createBatchServices({
      ...ingest,
      ...classified,
      scratchDirectory: () => scratchDirectory(directory),
      landedPath: (sha256) => landedPath(directory, sha256),
    }),
    assets: createAssetServices({
      store,
      warehouse,
      catalog,
      runner,
      ...classified,
    }),
    indicators: createIndicatorServices(indicatorsOf(base, issuing)),
    reports: createReportServices({
      ...issuing.editions,
      reports,
      draftsDirectory: path.join(directory, 'out/drafts'),
      runner,
      refresh: issuing.refresh,
    }),
    schedules: createScheduleServices(schedules),
    extracts: createExtractServices(extracts),
    trace: createTraceServices({ ...tracingOf(base, issuing), ...classified }),
    audit: createAuditServices({ store, exportDirectory: path.join(directory, 'out') }),
    people: peopleOf(base, users),
  };
  return { services, schedules, extracts };
}

function inboxOf({ store, clock, directory, secrets }: Foundations): Services['inbox'] {
  return createInboxServices({
    store,
    clock,
    limits: inboxLimits,
    inboxes: new InboxStore(path.join(directory, 'inbox')),
    secret: (source, name) => secrets.open(source, name),
  });
}

function peopleOf({ store, clock }: Foundations, users: Users): Services['people'] {
  return createPeopleServices({
    users,
    sessions: openSessions(store, users, clock),
    tokens: openTokens(store, users, clock),
    throttle: openLoginThrottle(store, clock),
  });
}

function issuingOf(base: Foundations, build: BuildDependencies): IssueDependencies {
  const { store, warehouse, catalog, clock, configuration, calendars, profile } = base;
  const editions: EditionDependencies = {
    store,
    warehouse,
    editions: new EditionStore(path.join(base.directory, 'editions')),
    catalog,
    periods: calendars.periods,
    language: configuration.locale,
    clock,
    publicUrl: configuration.publicUrl ?? null,
    profile,
    sources: async () =>
      (await activeSources(store)).map(({ name, contracts }) => ({
        name,
        tables: contracts.map(({ layer, stream }) => `${layer}.${stream}`),
      })),
  };
  return {
    editions,
    deliver: (reference) => deliverIssued(configuration, editions, reference),
    refresh: async (facts) => {
      requireBuilt(await buildAssets(build, facts, () => undefined), facts);
    },
  };
}

/** Sources whose owners are told of rejected rows when a run has ended; what hinders that hinders no run. */
function tellingOwners(
  base: Foundations,
  ingest: IngestDependencies,
  sources: Services['sources'],
): Services['sources'] {
  return {
    ...sources,
    ingest: async (...given) => {
      const result = await sources.ingest(...given);
      await tellOwnersOf(base, ingest);
      return result;
    },
  };
}

/** Tells owners of rejected rows; trouble is logged, and the next tick tries again. */
export async function tellOwnersOf(base: Foundations, ingest: IngestDependencies): Promise<void> {
  const scratch = () => scratchDirectory(base.directory);
  try {
    await tellOwnersByMail(base, { ...ingest, scratchDirectory: scratch });
  } catch (error) {
    base.log.warn('owners.not-told', { code: failureOf(error).code });
  }
}

/** Tells those who keep the home running what stands still; trouble is logged, and the next tick tries again. */
export function alertWatchOf(base: Foundations): () => Promise<void> {
  const watch = createAlertWatch(base.clock, () => tellAlertsByMail(base));
  return async () => {
    try {
      await watch();
    } catch (error) {
      base.log.warn('alerts.not-told', { code: failureOf(error).code });
    }
  };
}

function sourcesOf(
  base: Foundations,
  ingest: IngestDependencies,
  runner: Runner,
): Services['sources'] {
  return createSourceServices({
    ...ingest,
    runner,
    solo: async () => (await base.profile()).solo,
    seal: (source, name, value) => base.secrets.set(source, name, value, 'local'),
    periods: base.calendars.periods,
    scratchHome: async () => openScratchHome(await scratchDirectory(base.directory), base),
  });
}

function schedulesOf(
  { store, clock, log, calendars }: Foundations,
  runner: Runner,
): ScheduleDependencies {
  const { progress, person } = systemCall();
  const { actor } = person;
  return {
    store,
    clock,
    log,
    calendars,
    work: {
      ingest: async (source, signal) => {
        const input = { source, actor, full: false };
        return ranOf(await runner.run('ingestSource', input, { progress, signal }));
      },
      report: async (report, period, patienceEnds, signal) => {
        const evenIncomplete = clock.now().getTime() > Date.parse(patienceEnds);
        const input = { report, period, actor, evenIncomplete };
        return (await runner.run('issueReport', input, { progress, signal })).edition ?? undefined;
      },
    },
  };
}

function extractsOf(base: Foundations): Wired['extracts'] {
  const { store, warehouse, clock, profile, signing, directory, catalog } = base;
  const { minimumFrequency } = base.configuration;
  return {
    store,
    warehouse,
    directory: path.join(directory, 'extracts'),
    engineOut: path.join(directory, 'out'),
    publicKeyPem: signing.publicPem,
    sign: (bytes) => signing.sign(bytes),
    datasets: datasets(catalog),
    clock,
    minimumFrequency,
    profile,
  };
}

function indicatorsOf(
  base: Foundations,
  { refresh }: IssueDependencies,
): Parameters<typeof createIndicatorServices>[0] {
  return { ...base, periods: base.calendars.periods, refresh };
}

function tracingOf(
  base: Foundations,
  issuing: IssueDependencies,
): Omit<Parameters<typeof createTraceServices>[0], keyof ClassifiedTables> {
  const { store, warehouse, landing, catalog, directory, signing } = base;
  return {
    store,
    warehouse,
    landing,
    landingUri: (sha256) => `landing/sha256/${sha256.slice(0, 2)}/${sha256}`,
    landedPath: (sha256) => landedPath(directory, sha256),
    editions: issuing.editions.editions,
    catalog,
    evidenceDirectory: path.join(directory, 'out/evidence'),
    publicKeyPem: signing.publicPem,
    sign: (bytes) => signing.sign(bytes),
    indicator: (reference) => indicatorQuestion(indicatorsOf(base, issuing), reference),
  };
}

/** Who owns which stream, and how strict every column is. */
function classifiedOf({ store, warehouse, catalog }: Foundations): ClassifiedTables {
  return {
    contracts: () => ownedContracts(store),
    classes: createClassesNow(warehouse, catalog.assets),
  };
}

/** An empty directory of its own, among those that opening the warehouse removes. */
async function scratchDirectory(home: string): Promise<string> {
  const directory = path.join(home, 'tmp', 'scratch', randomBytes(6).toString('hex'));
  await mkdir(directory, { recursive: true });
  return directory;
}

function landedPath(directory: string, sha256: string): string {
  return path.join(directory, 'landing/sha256', sha256.slice(0, 2), sha256);
}

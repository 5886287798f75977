import { optionalText } from '../core/json-member.ts';
import type { Configuration } from '../core/configuration.ts';
import { deliverEdition } from '../delivery/deliver-edition.ts';
import type { EditionDependencies } from '../reports/edition-dependencies.ts';
import { editionName, issueEdition } from '../reports/issue-edition.ts';
import { reports } from '../reports/registry.ts';
import type { Report } from '../reports/report.ts';
import { notFound } from '../services/batch-services.ts';
import {
  expireExtracts,
  produce,
  type ExtractServiceDependencies,
} from '../services/extract-services.ts';
import {
  createBuildActivities,
  type BuildDependencies,
} from '../workflows/activities/build-assets.ts';
import { createIngestActivities } from '../workflows/activities/ingest-activities.ts';
import type { IngestDependencies } from '../workflows/activities/ingest-dependencies.ts';
import {
  createSlotActivities,
  type SlotDependencies,
} from '../workflows/activities/slot-activities.ts';
import type { ChunkLimits } from '../workflows/activities/read-chunk.ts';
import type { ActivityFactory } from '../workflows/embedded/host.ts';
import type { IssueActivities } from '../workflows/issue-report.ts';
import type { ExtractActivities } from '../workflows/produce-extract.ts';
import { systemCall } from './system-call.ts';

/** What the activities of a home work with. */
export interface ActivityDependencies {
  readonly ingest: IngestDependencies;
  readonly build: BuildDependencies;
  readonly editions: EditionDependencies;
  readonly deliver: (reference: string) => Promise<void>;
  readonly extracts: ExtractServiceDependencies;
  readonly slots: SlotDependencies;
  /** What is read and handed over at once. */
  readonly chunk?: ChunkLimits | undefined;
}

/** Every activity of a home, for whichever host runs its pipelines. */
export function homeActivities(deps: ActivityDependencies): ActivityFactory {
  const lasting = {
    ...createBuildActivities(deps.build),
    ...issueActivities(deps),
    ...createSlotActivities(deps.slots),
    ...extractActivities(deps.extracts),
    expireDue: async () => ({ expired: await expireExtracts(deps.extracts) }),
  };
  return ({ progress, ...run }) => ({
    ...lasting,
    ...createIngestActivities({ ...deps.ingest, ...run }, progress, deps.chunk),
  });
}

function issueActivities({ editions, deliver }: ActivityDependencies): IssueActivities {
  return {
    factsOf: ({ report }) => Promise.resolve({ facts: findReport(report).facts }),
    issueEdition: async ({ report, ...wanted }) => {
      const { outcome, edition } = await issueEdition(editions, findReport(report), wanted);
      const stands = outcome === 'issued' || outcome === 'unchanged';
      return { outcome, edition: (stands ? optionalText(edition, 'id') : undefined) ?? null };
    },
    deliverEdition: ({ edition }) => deliver(edition),
  };
}

function findReport(name: string): Report {
  const report = reports.find((known) => known.name === name);
  if (!report) throw notFound('báo cáo', 'report', name);
  return report;
}

function extractActivities(deps: ExtractServiceDependencies): ExtractActivities {
  return {
    makeExtract: async ({ extract }) => {
      const row = await deps.store.get('extract', extract);
      if (row?.status === 'ready') return;
      await produce(deps, systemCall(), extract);
    },
  };
}

/** Sends an edition's files to the home's recipients; each recipient has its own row in the delivery ledger. */
export async function deliverIssued(
  configuration: Configuration,
  deps: Pick<EditionDependencies, 'store' | 'clock' | 'editions' | 'profile'>,
  reference: string,
): Promise<void> {
  const row = await deps.store.get('edition', reference);
  const { mailTo, agency } = await deps.profile();
  if (!row || mailTo.length === 0) return;
  const name = editionName(row);
  const manifest = await deps.editions.manifest(name);
  await deliverEdition({
    store: deps.store,
    clock: deps.clock,
    smtpUrl: configuration.smtpUrl,
    edition: reference,
    files: (['pdf', 'xlsx'] as const).map((format) => ({
      name: `${name.report}_${name.period}_v${name.version}.${format}`,
      path: deps.editions.path(name, format),
    })),
    recipients: mailTo.map((address) => ({ kind: 'mail', address })),
    subject: `${manifest.document.subject} (${agency})`,
    body: `${manifest.document.subject}\n\nMã tra cứu: ${manifest.shortCode}\n`,
  });
}

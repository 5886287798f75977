import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { everyRow } from '../control/every-row.ts';
import type { StateRow } from '../control/port.ts';
import { localDateOf, VIETNAM_ZONE } from '../core/calendar-zone.ts';
import { asJson, objectMember } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import { parseReference } from '../core/reference.ts';
import { composeDocument } from '../reports/compose-document.ts';
import { computeEdition } from '../reports/compute-edition.ts';
import { editionReference } from '../reports/edition.ts';
import type { EditionDependencies } from '../reports/edition-dependencies.ts';
import { editionName, editionShortCode, editionView } from '../reports/issue-edition.ts';
import type { Report } from '../reports/report.ts';
import { loadRenderers } from '../render/load-renderers.ts';
import type { Runner } from '../workflows/runner.ts';
import type { Call, Download, ReportServices } from './port.ts';
import { readAsOf } from './as-of.ts';
import { notFound } from './batch-services.ts';

/** What reports and editions work with. */
export interface ReportServiceDependencies extends EditionDependencies {
  readonly reports: readonly Report[];
  /** Where rendered drafts go. */
  readonly draftsDirectory: string;
  /** The host of pipelines: an issue by hand is a run like any other. */
  readonly runner: Runner;
  /** Builds whatever the report reads and is stale. */
  refresh(facts: readonly string[]): Promise<void>;
}

const mediaTypes = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

/** Reports: drafts, issues, editions, verification of files. */
export function createReportServices(deps: ReportServiceDependencies): ReportServices {
  return {
    list: () => Promise.resolve(deps.reports.map(reportView)),
    render: (call, name, options) => renderDraft(deps, call, name, options),
    issue: (call, name, { period }) => issue(deps, call, name, period, undefined),
    approve: (call, name, period) => issue(deps, call, name, period, call.person.actor),
    editions: async (_call, query) => {
      const page = await deps.store.list('edition', {
        limit: Math.min(query.limit ?? 50, 500),
        ...(query.after === undefined ? {} : { after: query.after }),
        ...(query.report === undefined ? {} : { where: { report: query.report } }),
      });
      return {
        items: page.rows.map(editionView),
        ...(page.next === undefined ? {} : { next: page.next }),
      };
    },
    edition: async (_call, ref) => editionView(await findEdition(deps, ref)),
    document: async (_call, ref) => {
      const manifest = await deps.editions.manifest(editionName(await findEdition(deps, ref)));
      return asJson(manifest.document);
    },
    file: async (_call, ref, format) => {
      const name = editionName(await findEdition(deps, ref));
      return download(deps.editions.path(name, format), format);
    },
    verify: (_call, sha256, name) => verifyFile(deps, sha256, name),
  };
}

function reportView({
  name,
  version,
  label,
  series,
  approval,
  schedule,
  facts,
}: Report): JsonObject {
  return asJson({ name, version, label, series, approval, schedule, facts });
}

function download(file: string, format: 'pdf' | 'xlsx'): Download {
  return { name: path.basename(file), mediaType: mediaTypes[format], path: file };
}

function findReport(deps: ReportServiceDependencies, name: string): Report {
  const report = deps.reports.find((known) => known.name === name);
  if (!report) throw notFound('báo cáo', 'report', name);
  return report;
}

async function issue(
  deps: ReportServiceDependencies,
  call: Call,
  name: string,
  period: string,
  approvedBy: string | undefined,
): Promise<JsonObject> {
  const { person, progress, signal } = call;
  const { name: report } = findReport(deps, name);
  const approval = approvedBy === undefined ? {} : { approvedBy };
  const input = { report, period, actor: person.actor, evenIncomplete: true, ...approval };
  const { outcome, edition } = await deps.runner.run('issueReport', input, { progress, signal });
  const view =
    edition === null ? { report, period } : editionView(await findEdition(deps, edition));
  return { ...view, outcome };
}

async function renderDraft(
  deps: ReportServiceDependencies,
  call: Call,
  name: string,
  options: Parameters<ReportServices['render']>[2],
): Promise<{ readonly files: readonly Download[] }> {
  const report = findReport(deps, name);
  if (options.asOf === undefined) await deps.refresh(report.facts);
  const computed = await computeEdition({ ...deps, language: call.language }, report, {
    period: options.period,
    ...(options.asOf === undefined ? {} : { asOf: readAsOf(options.asOf) }),
    ...(options.areasAsOf === undefined ? {} : { areasAsOf: options.areasAsOf }),
  });
  const reference = editionReference(name, computed.period, 1);
  const document = composeDocument(report, computed.content, computed.time, {
    profile: await deps.profile(),
    reference,
    number: 1,
    shortCode: editionShortCode(deps.store.homeId, reference),
    verifyUrl: null,
    date: localDateOf(new Date(computed.asOf), VIETNAM_ZONE),
    createdAt: computed.asOf,
    completeness: computed.completeness,
    corrects: null,
  });
  const drafted = asDraft(document, call);
  const base = path.join(deps.draftsDirectory, `${name}_${computed.period}_draft`);
  await mkdir(deps.draftsDirectory, { recursive: true });
  const { renderPdf, renderWorkbook } = await loadRenderers();
  await writeFile(`${base}.pdf`, await renderPdf(drafted));
  await writeFile(`${base}.xlsx`, await renderWorkbook(drafted));
  return { files: [download(`${base}.pdf`, 'pdf'), download(`${base}.xlsx`, 'xlsx')] };
}

/** A draft says that it is none of the issued editions. */
function asDraft(document: ReturnType<typeof composeDocument>, call: Call): typeof document {
  const words = { vi: 'Bản xem thử, chưa phát hành', en: 'Draft, not issued' };
  return {
    ...document,
    banners: [{ kind: 'provisional', text: words[call.language] }, ...document.banners],
  };
}

/** An edition by reference, by short code, or by `report/period` (its newest). */
async function findEdition(deps: ReportServiceDependencies, ref: string): Promise<StateRow> {
  const byId = await deps.store.get('edition', ref);
  if (byId) return byId;
  const parsed = parseReference(ref);
  if (parsed.kind === 'edition') {
    const id = editionReference(parsed.report, parsed.period, parsed.version);
    const row = await deps.store.get('edition', id);
    if (row) return row;
  }
  if (parsed.kind === 'short-code') {
    const row = await editionByCode(deps, parsed.code);
    if (row) return row;
  }
  throw notFound('phiên bản báo cáo', 'edition', ref);
}

/** The edition that a printed short code names. */
export async function editionByCode(
  deps: Pick<EditionDependencies, 'store'>,
  code: string,
): Promise<StateRow | undefined> {
  const page = await deps.store.list('edition', { where: { shortCode: code }, limit: 1 });
  return page.rows[0];
}

async function verifyFile(
  deps: ReportServiceDependencies,
  sha256: string,
  name: string,
): Promise<JsonObject> {
  for await (const row of everyRow(deps.store, 'edition')) {
    if (!Object.values(objectMember(row.data, 'files')).includes(sha256)) continue;
    const verdict = row.status === 'superseded' ? 'superseded' : 'issued';
    return { verdict, name, sha256, edition: editionView(row) };
  }
  return { verdict: 'unknown', name, sha256 };
}

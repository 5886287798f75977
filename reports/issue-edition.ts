import { createHash } from 'node:crypto';
import type { ControlStore, StateRow } from '../control/port.ts';
import { localDateOf, VIETNAM_ZONE } from '../core/calendar-zone.ts';
import { asJson, textMember } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import { shortCodeOf, shortCodeSource } from '../core/reference.ts';
import { loadRenderers } from '../render/load-renderers.ts';
import { RENDERER_VERSION } from '../render/renderer-version.ts';
import { composeDocument } from './compose-document.ts';
import { computeEdition, type ComputedEdition } from './compute-edition.ts';
import { editionReference, type EditionManifest } from './edition.ts';
import type { EditionDependencies } from './edition-dependencies.ts';
import type { Report } from './report.ts';

/** What came of asking for an edition. */
export interface IssueResult {
  readonly outcome: 'issued' | 'unchanged' | 'waiting-for-approval' | 'incomplete';
  readonly edition: JsonObject;
}

/**
 * Issues a report for a period: computes it, and if it says the same as the newest edition that one still stands;
 * otherwise the next edition is rendered, written and journalled, with its corrections listed. Run again after a crash
 * it writes the same files under the same number.
 */
export async function issueEdition(
  deps: EditionDependencies,
  report: Report,
  wanted: {
    readonly period: string;
    readonly actor: string;
    /** Issue though sources are late, marked provisional. */
    readonly evenIncomplete: boolean;
    readonly approvedBy?: string;
  },
): Promise<IssueResult> {
  const computed = await computeEdition(deps, report, { period: wanted.period });
  const newest = await newestEdition(deps.store, report.name, computed.period);
  if (newest?.data['contentSha256'] === computed.contentSha256) {
    return { outcome: 'unchanged', edition: editionView(newest) };
  }
  if (!wanted.evenIncomplete && computed.completeness.some(({ complete }) => !complete)) {
    return { outcome: 'incomplete', edition: asJson({ completeness: computed.completeness }) };
  }
  const { solo } = await deps.profile();
  if (report.approval === 'steward' && !solo && wanted.approvedBy === undefined) {
    return {
      outcome: 'waiting-for-approval',
      edition: { report: report.name, period: computed.period },
    };
  }
  const manifest = await writeEdition(deps, report, computed, newest);
  const edition = await recordIssued(deps.store, manifest, wanted);
  return { outcome: 'issued', edition };
}

async function writeEdition(
  deps: EditionDependencies,
  report: Report,
  computed: ComputedEdition,
  newest: StateRow | undefined,
): Promise<EditionManifest> {
  const frozen = await freeze(deps, report, computed, newest);
  const name = { report: frozen.report, period: frozen.period, version: frozen.version };
  const { renderPdf, renderWorkbook } = await loadRenderers();
  const pdf = await deps.editions.write(name, 'pdf', await renderPdf(frozen.document));
  const xlsx = await deps.editions.write(name, 'xlsx', await renderWorkbook(frozen.document));
  const manifest: EditionManifest = { ...frozen, files: { pdf, xlsx } };
  await deps.editions.write(
    name,
    'manifest.json',
    Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`),
  );
  return manifest;
}

async function freeze(
  deps: EditionDependencies,
  report: Report,
  computed: ComputedEdition,
  newest: StateRow | undefined,
): Promise<Omit<EditionManifest, 'files'>> {
  const version = Number(newest?.data['version'] ?? 0) + 1;
  const reference = editionReference(report.name, computed.period, version);
  const shortCode = editionShortCode(deps.store.homeId, reference);
  const issuedAt = deps.clock.now();
  const before =
    newest &&
    (await deps.editions.manifest({
      report: report.name,
      period: computed.period,
      version: version - 1,
    }));
  const document = composeDocument(report, computed.content, computed.time, {
    profile: await deps.profile(),
    reference,
    number: version,
    shortCode,
    verifyUrl: deps.publicUrl === null ? null : `${deps.publicUrl}/v/${shortCode}`,
    date: localDateOf(issuedAt, VIETNAM_ZONE),
    createdAt: computed.asOf,
    completeness: computed.completeness,
    corrects: before?.document ?? null,
  });
  return {
    reference,
    report: report.name,
    reportVersion: report.version,
    period: computed.period,
    version,
    language: deps.language,
    asOf: computed.asOf,
    areasAsOf: computed.areasAsOf,
    issuedAt: issuedAt.toISOString(),
    shortCode,
    document,
    tables: computed.content.tables,
    completeness: computed.completeness,
    code: Object.fromEntries(
      deps.catalog.closure(report.facts).map(({ key, sha256 }) => [key, sha256]),
    ),
    renderer: RENDERER_VERSION,
    contentSha256: computed.contentSha256,
  };
}

async function recordIssued(
  store: ControlStore,
  manifest: EditionManifest,
  wanted: { readonly actor: string; readonly approvedBy?: string },
): Promise<JsonObject> {
  const { report, period, version, asOf, shortCode, files, completeness, renderer, reference } =
    manifest;
  const data = asJson({
    status: 'issued',
    report,
    key: period,
    period,
    version,
    asOf,
    shortCode,
    files,
    renderer,
    contentSha256: manifest.contentSha256,
    complete: completeness.every((source) => source.complete),
    completeness,
    approvals: wanted.approvedBy === undefined ? [] : [wanted.approvedBy],
  });
  await store.decide(async (journal) => {
    if (version > 1) {
      const superseded = editionReference(report, period, version - 1);
      await journal.record({
        kind: 'edition.superseded',
        subject: superseded,
        actor: wanted.actor,
        data: { status: 'superseded', supersededBy: reference },
      });
    }
    await journal.record({ kind: 'edition.issued', subject: reference, actor: wanted.actor, data });
  });
  return { id: reference, ...data };
}

/** The newest edition of a report for a period. */
export async function newestEdition(
  store: ControlStore,
  report: string,
  period: string,
): Promise<StateRow | undefined> {
  const page = await store.list('edition', { where: { report, key: period }, limit: 100 });
  return page.rows.toSorted((a, b) => Number(b.data['version']) - Number(a.data['version']))[0];
}

/** An edition as people are told of it. */
export function editionView(row: StateRow): JsonObject {
  return { id: row.id, ...row.data, status: row.status, issuedAt: row.createdAt };
}

/** The eight characters printed on a report. */
export function editionShortCode(homeId: string, reference: string): string {
  const digest = createHash('sha256').update(shortCodeSource(homeId, reference)).digest();
  return shortCodeOf(digest);
}

/** Reference of the edition a state row is about. */
export function editionName(row: StateRow): {
  readonly report: string;
  readonly period: string;
  readonly version: number;
} {
  return {
    report: textMember(row.data, 'report'),
    period: textMember(row.data, 'period'),
    version: Number(row.data['version']),
  };
}

import type { StateRow } from '../control/port.ts';
import { PhusaError } from '../core/errors.ts';
import { asJson } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import { formatReference, parseReference, type Reference } from '../core/reference.ts';
import type { EditionDependencies } from '../reports/edition-dependencies.ts';
import { editionName } from '../reports/issue-edition.ts';
import { assetsInForce } from '../transforms/catalog/assets-in-force.ts';
import { figureAt, type FigureTable } from '../transforms/catalog/figure-table.ts';
import type { TraceServices } from './port.ts';
import type { SampleView } from '../trace/source-rows.ts';
import { upstreamOf } from '../trace/upstream.ts';
import { traceFigure, type FigureQuestion, type Trace } from '../trace/trace-figure.ts';
import type { TraceDependencies } from '../trace/traced-batch.ts';
import { notFound } from './batch-services.ts';
import { writeEvidence } from './evidence-pack.ts';
import { hiddenColumns, type ClassifiedTables } from './hidden-columns.ts';
import { editionByCode } from './report-services.ts';
import { traceRow } from './trace-row.ts';

/** What tracing a reference works with. */
export interface TraceServiceDependencies
  extends TraceDependencies, ClassifiedTables, Pick<EditionDependencies, 'editions' | 'catalog'> {
  readonly evidenceDirectory: string;
  readonly publicKeyPem: string;
  sign(bytes: Uint8Array): string;
  /** File of landed bytes by SHA-256. */
  landedPath(sha256: string): string;
  /** The question behind an indicator's reference. */
  indicator(
    reference: Extract<Reference, { kind: 'indicator' }>,
  ): Promise<Omit<FigureQuestion, 'view' | 'from'>>;
}

/** From any reference to what stands behind it. */
export function createTraceServices(deps: TraceServiceDependencies): TraceServices {
  return {
    trace: async (call, ref, options) =>
      traceReference(deps, ref, {
        ...(options.rows === true ? everyRow : aFewRows),
        hidden: await hiddenColumns(deps, call.person),
      }),
    evidence: async (call, ref) => {
      const hidden = await hiddenColumns(deps, call.person);
      const trace = await traceReference(deps, ref, { ...everyRow, hidden });
      return { files: await writeEvidence(deps, ref, trace, hidden.size === 0) };
    },
  };
}

/** How far a trace goes: what is shown of the rows, and from which tables they are read. */
export type Depth = SampleView & Pick<FigureQuestion, 'from'>;

/** What a person sees at once. */
const aFewRows: Omit<Depth, 'hidden'> = { limit: 20, from: 'present' };

/** What evidence shows: (nearly) all rows, every derived table evaluated again from loaded ones. */
const everyRow: Omit<Depth, 'hidden'> = { limit: 10_000, from: 'past' };

async function traceReference(
  deps: TraceServiceDependencies,
  ref: string,
  depth: Depth,
): Promise<JsonObject> {
  const trace = await traceHere(deps, ref, depth);
  const upstream = upstreamOf(trace).map(asJson);
  return upstream.length === 0 ? trace : { ...trace, upstream };
}

/** The trace as far as this home goes. */
async function traceHere(
  deps: TraceServiceDependencies,
  ref: string,
  depth: Depth,
): Promise<JsonObject> {
  const reference = parseReference(ref);
  switch (reference.kind) {
    case 'row':
      return await traceRow(deps, reference, depth);
    case 'indicator':
      return asJson(
        await traceFigure(deps, {
          ...(await deps.indicator(reference)),
          view: depth,
          from: depth.from,
        }),
      );
    case 'edition':
    case 'short-code':
      return await traceEdition(deps, reference, depth);
  }
}

async function traceEdition(
  deps: TraceServiceDependencies,
  reference: Extract<Reference, { kind: 'edition' | 'short-code' }>,
  depth: Depth,
): Promise<JsonObject> {
  const row = await editionRow(deps, reference);
  const manifest = await deps.editions.manifest(editionName(row));
  if (reference.kind === 'short-code' || reference.cell === undefined) {
    const { document, tables, ...about } = manifest;
    return asJson({
      edition: { ...about, status: row.status, title: document.subject },
      cells: cellsOf(tables, manifest.reference),
    });
  }
  const found = figureAt(manifest.tables, reference.cell);
  if (!found) throw cellUnknown(formatReference(reference));
  const { rule, row: cells } = found;
  const assets = await assetsInForce(deps.store, manifest.asOf);
  const trace: Trace = await traceFigure(deps, {
    ref: formatReference(reference),
    rule,
    filter: cells.filter,
    printed: cells.values[rule.name] ?? null,
    asOf: manifest.asOf,
    assets,
    provenanceOf: (asset) => deps.catalog.asset(asset)?.provenance,
    view: depth,
    from: depth.from,
  });
  return asJson({
    ...trace,
    edition: {
      reference: manifest.reference,
      report: manifest.report,
      period: manifest.period,
      version: manifest.version,
      shortCode: manifest.shortCode,
      status: row.status,
      files: manifest.files,
    },
  });
}

async function editionRow(
  deps: TraceServiceDependencies,
  reference: Extract<Reference, { kind: 'edition' | 'short-code' }>,
): Promise<StateRow> {
  const row =
    reference.kind === 'short-code'
      ? await editionByCode(deps, reference.code)
      : await deps.store.get('edition', formatReference({ ...reference, cell: undefined }));
  if (!row) throw notFound('phiên bản báo cáo', 'edition', formatReference(reference));
  return row;
}

function cellsOf(tables: readonly FigureTable[], edition: string): readonly JsonObject[] {
  const { kind, ...name } = parseEdition(edition);
  return tables.flatMap(({ id, rules, rows }) =>
    rows.flatMap((row) =>
      rules.map((rule) => ({
        ref: formatReference({
          kind,
          ...name,
          cell: { table: id, row: row.key, column: rule.name },
        }),
        label: { ...rule.label },
        value: row.values[rule.name] ?? null,
      })),
    ),
  );
}

function parseEdition(reference: string): Extract<Reference, { kind: 'edition' }> {
  const parsed = parseReference(reference);
  if (parsed.kind !== 'edition') throw new TypeError(`not an edition: ${reference}`);
  return parsed;
}

function cellUnknown(ref: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'not-found',
    message: { vi: `Phiên bản này không có ô “${ref}”.`, en: `The edition has no cell “${ref}”.` },
    remedy: {
      vi: 'Bỏ phần sau dấu # để xem danh sách các ô.',
      en: 'Leave out what follows # to list its cells.',
    },
  });
}

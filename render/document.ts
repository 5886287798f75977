import { z } from 'zod';

/**
 * The document tree: what a report *says*, apart from how a page or a sheet shows it.
 * Pure data (JSON in, JSON out), frozen in an edition's manifest and rendered again from there.
 * Every statistic is a {@link Figure}; all other text is a declared literal.
 */

/** `YYYY-MM-DD`. */
const isoDateSchema = z.iso.date();

/**
 * Why a cell shows a sign instead of its value ("Marks in reports"): `none` prints the value,
 * `zero` 0, `no-event` -, `not-collected` …, `no-denominator` —, `primary-suppressed` < n,
 * `secondary-suppressed` x.
 */
const markSchema = z.enum([
  'none',
  'zero',
  'no-event',
  'not-collected',
  'no-denominator',
  'primary-suppressed',
  'secondary-suppressed',
]);
export type Mark = z.infer<typeof markSchema>;

/** How a figure is written; a percent is given as printed (12.5 is 12,5%). */
const figureFormatSchema = z
  .strictObject({
    decimals: z.int().min(0).max(10),
    unit: z.enum(['percent', 'percentage-point']).optional(),
    /** Write `+` before a positive value, for differences. */
    sign: z.boolean().optional(),
  })
  .readonly();
export type FigureFormat = z.infer<typeof figureFormatSchema>;

/** One statistic with the reference it traces by. */
const figureSchema = z
  .strictObject({
    kind: z.literal('figure'),
    /** `<table>.<row key>.<column>`, reserved characters percent-encoded. */
    ref: z.string().regex(/^[^.#\s]+\.[^.#\s]+\.[^.#\s]+$/),
    /** Exact decimal text, never a float; null when a mark stands in its place. */
    value: z
      .string()
      .regex(/^-?\d+(\.\d+)?$/)
      .nullable(),
    mark: markSchema.optional(),
    /** The n of `< n`; 3 unless configured. */
    threshold: z.int().min(1).optional(),
    format: figureFormatSchema,
  })
  .refine((figure) => figure.value !== null || (figure.mark ?? 'none') !== 'none', {
    error: 'a figure without value needs a mark that says why',
  })
  .readonly();
export type Figure = z.infer<typeof figureSchema>;

/** Words, dates, decree numbers: anything printed that is no statistic. */
const textSchema = z
  .strictObject({
    kind: z.literal('text'),
    text: z.string(),
    bold: z.boolean().optional(),
    italic: z.boolean().optional(),
  })
  .readonly();
export type Text = z.infer<typeof textSchema>;

const inlineSchema = z.discriminatedUnion('kind', [textSchema, figureSchema]);
export type Inline = z.infer<typeof inlineSchema>;
const inlinesSchema = z.array(inlineSchema).readonly();

const headingSchema = z
  .strictObject({ kind: z.literal('heading'), level: z.int().min(1).max(3), text: z.string() })
  .readonly();

const paragraphSchema = z
  .strictObject({ kind: z.literal('paragraph'), inlines: inlinesSchema })
  .readonly();

const notesSchema = z
  .strictObject({ kind: z.literal('notes'), items: z.array(inlinesSchema).readonly() })
  .readonly();

/** The days a column counts, both included. */
const windowSchema = z.strictObject({ from: isoDateSchema, to: isoDateSchema }).readonly();
export type Window = z.infer<typeof windowSchema>;

const columnSchema = z
  .strictObject({
    /** The `<column>` part of references. */
    key: z.string().min(1),
    label: z.string(),
    /** Headings above the label, outermost first; equal neighbours are merged. */
    groups: z.array(z.string()).readonly().optional(),
    unit: z.string().optional(),
    window: windowSchema.optional(),
    /** Printed in the row of column numbers: `A`, `1`, `6=4/5`. */
    number: z.string().optional(),
    align: z.enum(['left', 'center', 'right']).optional(),
  })
  .readonly();
export type Column = z.infer<typeof columnSchema>;

const cellSchema = z.discriminatedUnion('kind', [
  textSchema,
  figureSchema,
  z.strictObject({ kind: z.literal('empty') }).readonly(),
]);
export type Cell = z.infer<typeof cellSchema>;

const rowSchema = z.discriminatedUnion('kind', [
  /** A heading across the whole table. */
  z.strictObject({ kind: z.literal('group'), key: z.string(), label: z.string() }).readonly(),
  z
    .strictObject({
      kind: z.literal('data'),
      key: z.string(),
      cells: z.array(cellSchema).readonly(),
    })
    .readonly(),
  z
    .strictObject({
      kind: z.literal('total'),
      key: z.string(),
      cells: z.array(cellSchema).readonly(),
    })
    .readonly(),
]);
export type Row = z.infer<typeof rowSchema>;

/** A reconciliation printed under its table, with its outcome. */
const checkLineSchema = z.strictObject({ inlines: inlinesSchema, holds: z.boolean() }).readonly();
export type CheckLine = z.infer<typeof checkLineSchema>;

const tableSchema = z
  .strictObject({
    kind: z.literal('table'),
    id: z.string().min(1),
    title: z.string(),
    /** Printed at the right above the table, such as "Đơn vị tính: hồ sơ". */
    unitNote: z.string().optional(),
    columns: z.array(columnSchema).min(1).readonly(),
    rows: z.array(rowSchema).readonly(),
    checks: z.array(checkLineSchema).readonly().optional(),
    notes: z.array(inlinesSchema).readonly().optional(),
  })
  .refine(everyRowFits, { error: 'a row has more or fewer cells than the table has columns' })
  .readonly();
export type Table = z.infer<typeof tableSchema>;

const axisSchema = z
  .strictObject({ label: z.string(), decimals: z.int().min(0).max(6) })
  .readonly();
export type Axis = z.infer<typeof axisSchema>;

const seriesSchema = z
  .strictObject({
    name: z.string(),
    shape: z.enum(['bar', 'line']),
    axis: z.enum(['left', 'right']),
    /** One figure for each category; a marked one leaves a gap. */
    points: z.array(figureSchema).max(2000).readonly(),
  })
  .readonly();
export type Series = z.infer<typeof seriesSchema>;

/** Bars and lines over ordered categories (time). Values are drawn, not printed. */
const chartSchema = z
  .strictObject({
    kind: z.literal('chart'),
    id: z.string().min(1),
    title: z.string(),
    categories: z.array(z.string()).max(2000).readonly(),
    left: axisSchema,
    right: axisSchema.optional(),
    series: z.array(seriesSchema).max(12).readonly(),
  })
  .refine((chart) => chart.series.every((s) => s.points.length === chart.categories.length), {
    error: 'a series has more or fewer points than the chart has categories',
  })
  .readonly();
export type Chart = z.infer<typeof chartSchema>;

const positionSchema = z.tuple([z.number(), z.number()]).readonly();

const shapeSchema = z.discriminatedUnion('kind', [
  /** A square of the generated tile map: column and row from the top left. */
  z.strictObject({
    kind: z.literal('tile'),
    column: z.int().min(0).max(200),
    row: z.int().min(0).max(200),
  }),
  /** Rings of longitude and latitude, as the outer and inner rings of GeoJSON polygons. */
  z.strictObject({
    kind: z.literal('polygon'),
    rings: z.array(z.array(positionSchema).readonly()).readonly(),
  }),
]);

const mapAreaSchema = z
  .strictObject({
    code: z.string().min(1),
    shortName: z.string(),
    figure: figureSchema,
    shape: shapeSchema,
  })
  .readonly();
export type MapArea = z.infer<typeof mapAreaSchema>;

/** A colour class: values up to and including `upTo` (null: without limit), in rising order. */
const mapClassSchema = z
  .strictObject({
    label: z.string(),
    upTo: z
      .string()
      .regex(/^-?\d+(\.\d+)?$/)
      .nullable(),
  })
  .readonly();
export type MapClass = z.infer<typeof mapClassSchema>;

const mapSchema = z
  .strictObject({
    kind: z.literal('map'),
    id: z.string().min(1),
    title: z.string(),
    legendTitle: z.string(),
    classes: z.array(mapClassSchema).min(1).max(7).readonly(),
    areas: z.array(mapAreaSchema).max(20_000).readonly(),
    /** Must say when the map is a generated tile map. */
    note: z.string(),
  })
  .refine((map) => new Set(map.areas.map((area) => area.shape.kind)).size <= 1, {
    error: 'a map is drawn of tiles or of polygons, not of both',
  })
  .refine((map) => map.classes.at(-1)?.upTo === null, {
    error: 'the last colour class has no upper limit',
  })
  .readonly();
export type AreaMap = z.infer<typeof mapSchema>;

const blockSchema = z.discriminatedUnion('kind', [
  headingSchema,
  paragraphSchema,
  tableSchema,
  chartSchema,
  mapSchema,
  notesSchema,
]);
export type Block = z.infer<typeof blockSchema>;

const sectionSchema = z
  .strictObject({
    orientation: z.enum(['portrait', 'landscape']),
    /** Set on an annex: its own pages and page numbers, after the signature. */
    annex: z.strictObject({ label: z.string(), title: z.string() }).readonly().optional(),
    blocks: z.array(blockSchema).readonly(),
  })
  .readonly();
export type Section = z.infer<typeof sectionSchema>;

const letterheadSchema = z
  .strictObject({
    parentAgency: z.string().nullable(),
    agency: z.string().min(1),
    /** The register number, null to be filled by hand: `Số:      /BC-SKHCN`. */
    number: z.string().nullable(),
    /** Type and author sign after the number, such as `BC-SKHCN`. */
    sign: z.string(),
    place: z.string(),
    /** Null to be filled by hand when signing. */
    date: isoDateSchema.nullable(),
  })
  .readonly();
export type Letterhead = z.infer<typeof letterheadSchema>;

const signatureSchema = z
  .strictObject({
    /** Capacity lines from the top: `TM. …`, `KT. CHỦ TỊCH`, `TL. …`. */
    authority: z.array(z.string()).readonly(),
    title: z.string(),
    name: z.string().nullable(),
  })
  .readonly();
export type Signature = z.infer<typeof signatureSchema>;

/** What leads from paper back to the system. */
const editionSchema = z
  .strictObject({
    reference: z.string().min(1),
    number: z.int().min(1),
    shortCode: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{8}$/),
    verifyUrl: z.string().nullable(),
  })
  .readonly();
export type Edition = z.infer<typeof editionSchema>;

/** What a reader must know before believing a number; repeated on every page and sheet. */
const bannerSchema = z
  .strictObject({
    kind: z.enum(['simulated', 'solo', 'provisional', 'partial', 'stale']),
    text: z.string().min(1),
  })
  .readonly();
export type Banner = z.infer<typeof bannerSchema>;

export const documentSchema = z
  .strictObject({
    kind: z.literal('report'),
    language: z.enum(['vi', 'en']),
    /** The kind of paper in capitals: `BÁO CÁO`. */
    title: z.string().min(1),
    /** Trích yếu: what it is about. */
    subject: z.string(),
    letterhead: letterheadSchema,
    /** Kính gửi. */
    addressees: z.array(z.string()).readonly(),
    legalBasis: z.array(z.string()).readonly(),
    sections: z.array(sectionSchema).min(1).readonly(),
    signature: signatureSchema,
    /** Nơi nhận, without dashes and full stops; "Lưu: VT, …" last. */
    recipients: z.array(z.string()).readonly(),
    edition: editionSchema,
    banners: z.array(bannerSchema).readonly(),
    /** The one time written into the files: their bytes depend on no clock. */
    createdAt: z.iso.datetime({ offset: true }),
  })
  .refine((document) => annexesComeLast(document.sections), {
    error: 'annexes come after all sections of the body',
  })
  .readonly();
export type ReportDocument = z.infer<typeof documentSchema>;

function everyRowFits(table: {
  readonly columns: readonly unknown[];
  readonly rows: readonly Row[];
}): boolean {
  return table.rows.every(
    (row) => row.kind === 'group' || row.cells.length === table.columns.length,
  );
}

function annexesComeLast(sections: readonly Section[]): boolean {
  const firstAnnex = sections.findIndex((section) => section.annex);
  return (
    firstAnnex !== 0 && (firstAnnex < 0 || sections.slice(firstAnnex).every(({ annex }) => annex))
  );
}

import type { AssetInForce } from '../transforms/catalog/assets-in-force.ts';
import { contributing, figureSql, type FigureRule } from '../transforms/catalog/figure-rule.ts';
import type { RowProvenance } from '../transforms/catalog/row-provenance.ts';
import type { Select } from '../warehouse/port.ts';
import { loadedRows } from './loaded-rows.ts';
import {
  loadedSource,
  sourceRows,
  type RowsOfFile,
  type SampleView,
  type SourceRows,
} from './source-rows.ts';
import { stillPresent } from './still-present.ts';
import { batchesOf, type TraceDependencies, type TracedBatch } from './traced-batch.ts';

/** What a trace is asked: the rule behind a figure, the rows of its cell, and the time it was known at. */
export interface FigureQuestion {
  readonly ref: string;
  readonly rule: FigureRule;
  readonly filter: string;
  /** The value as printed, exact; null where a mark stands. */
  readonly printed: string | null;
  /** ISO instant. */
  readonly asOf: string;
  /** SQL of derived assets in force at that instant. */
  readonly assets: readonly AssetInForce[];
  /** Which rows an asset's rows were made of; undefined for a loaded table. */
  provenanceOf(asset: string): readonly RowProvenance[] | undefined;
  /** How much of the rows the asker sees. */
  readonly view: SampleView;
  /**
   * From which tables: `present` reads derived tables as they stand where they still hold what they held at that time;
   * `past` evaluates every one of them again from loaded rows, and hashes the landed bytes again, as evidence should.
   */
  readonly from: 'present' | 'past';
}

/** The answer of `phusa trace`. */
export interface Trace {
  readonly figure: { readonly ref: string; readonly value: string | null };
  readonly definition: Pick<FigureRule, 'name' | 'label' | 'formula' | 'terms' | 'value'> & {
    readonly quotient: FigureRule['quotient'] | null;
    readonly source: string | null;
  };
  readonly sql: string;
  readonly rows: SourceRows;
  readonly sources: readonly SourceRows[];
  readonly batches: readonly TracedBatch[];
  /** Whether all landed bytes still have their hashes; null where they were not read again. */
  readonly intact: boolean | null;
  readonly code: { readonly asset: string; readonly sqlSha256: string | null };
  readonly asOf: string;
  readonly recomputed: string | null;
  readonly equal: boolean;
}

/**
 * Goes from a figure to its bytes: runs the rule's SQL on the rows of its condition as they were known, never reading
 * the answer back from the edition, and says whether it is equal; names the loaded rows, their batches and receipts.
 */
export async function traceFigure(
  deps: TraceDependencies,
  question: FigureQuestion,
): Promise<Trace> {
  const { asOf, assets } = question;
  const present = () => question.from === 'present' && isPresent(deps, question);
  if (await present()) {
    const found = await deps.warehouse.reading({}, (select) => read(select, question));
    // A batch that was published meanwhile would have been read with it.
    if (await present()) return await traceOf(deps, question, found);
  }
  const found = await deps.warehouse.reading({ asOf, assets }, (select) => read(select, question));
  return await traceOf(deps, question, found);
}

/** Whether all tables that the question reads still hold what they held at its time. */
async function isPresent(
  { warehouse }: TraceDependencies,
  question: FigureQuestion,
): Promise<boolean> {
  const { rule, assets, asOf } = question;
  const tables = [rule.fact, ...(rule.provenance ?? []).map(({ asset }) => asset)];
  return await stillPresent(warehouse, tables, assets, asOf);
}

interface Found {
  readonly sql: string;
  readonly recomputed: string | null;
  readonly rows: SourceRows;
  readonly sources: readonly SourceRows[];
  readonly files: readonly RowsOfFile[];
}

/** The figure again, the rows behind it, the loaded rows they were made of, and the files these stand in. */
async function read(select: Select, question: FigureQuestion): Promise<Found> {
  const { rule, filter, view, asOf } = question;
  const sql = figureSql(rule, filter);
  const value = (await select(sql)).rows[0]?.[0] ?? null;
  const fact = { asset: rule.fact, alias: 't0', where: contributing(rule, filter) };
  const rows = await sourceRows(select, fact, view, asOf);
  const sources: SourceRows[] = [];
  const files: RowsOfFile[] = [];
  for (const wanted of loadedRows(fact, (asset) => provenanceIn(question, asset))) {
    const source = await loadedSource(select, wanted, view, asOf);
    sources.push(source.rows);
    files.push(...source.files);
  }
  return { sql, recomputed: value === null ? null : String(value), rows, sources, files };
}

function provenanceIn(
  question: FigureQuestion,
  asset: string,
): readonly RowProvenance[] | undefined {
  const { fact, provenance } = question.rule;
  return asset === fact && provenance ? provenance : question.provenanceOf(asset);
}

async function traceOf(
  deps: TraceDependencies,
  question: FigureQuestion,
  { sql, recomputed, rows, sources, files }: Found,
): Promise<Trace> {
  const { rule, ref, printed, asOf, assets } = question;
  const { name, label, formula, terms, value, quotient = null, source = null } = rule;
  const batches = await batchesOf(deps, files, question.from === 'past');
  return {
    figure: { ref, value: printed },
    definition: { name, label, formula, terms, value, quotient, source },
    sql,
    rows,
    sources,
    batches,
    intact: intactOf(batches),
    code: { asset: rule.fact, sqlSha256: sqlInForce(assets, rule.fact) },
    asOf,
    recomputed,
    equal: sameNumber(printed, recomputed),
  };
}

function intactOf(batches: readonly TracedBatch[]): boolean | null {
  const answers = batches.flatMap(({ receipts }) => receipts.map(({ intact }) => intact));
  return answers.includes(null) || answers.length === 0 ? null : !answers.includes(false);
}

function sqlInForce(assets: readonly AssetInForce[], key: string): string | null {
  return assets.find((asset) => asset.key === key)?.sqlSha256 ?? null;
}

/** Whether two exact decimals are the same number, however many zeros they end in. */
export function sameNumber(a: string | null, b: string | null): boolean {
  return a === null || b === null ? a === b : canonical(a) === canonical(b);
}

function canonical(decimal: string): string {
  const [whole = '0', fraction = ''] = decimal.split('.');
  const rest = fraction.replace(/0+$/, '');
  const text = rest === '' ? whole : `${whole}.${rest}`;
  return /^-0*$/.test(text) ? '0' : text;
}

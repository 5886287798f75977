import type { RowProvenance } from '../transforms/catalog/row-provenance.ts';
import { knownSince, type AssetInForce } from '../transforms/catalog/assets-in-force.ts';
import { contributing, figureSql, type FigureRule } from '../transforms/catalog/figure-rule.ts';
import type { SelectOptions } from '../warehouse/port.ts';
import { loadedRows } from './loaded-rows.ts';
import { sourceRows, type RowsWanted, type SampleView, type SourceRows } from './source-rows.ts';
import { batchesOf, type TraceDependencies, type TracedBatch } from './traced-batch.ts';

/** Rows shown unless all are asked for. */
const FEW = 100;

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
  const { rule, filter, asOf, assets, view } = question;
  const options = await readingOptions(deps, question);
  const sql = figureSql(rule, filter);
  const result = await deps.warehouse.select(sql, options);
  const recomputed = result.rows[0]?.[0] ?? null;
  const where = contributing(rule, filter);
  const fact = { asset: rule.fact, alias: 't0', where };
  const rowsAt = async (wanted: RowsWanted): Promise<SourceRows> => ({
    ...(await sourceRows(deps.warehouse, wanted, view, options)),
    asOf,
  });
  const rows = await rowsAt(fact);
  const loaded = loadedRows(fact, (asset) =>
    asset === rule.fact && rule.provenance ? rule.provenance : question.provenanceOf(asset),
  );
  const sources: SourceRows[] = [];
  for (const wanted of loaded) {
    sources.push(await rowsAt(wanted));
  }
  const { name, label, formula, terms, value } = rule;
  return {
    figure: { ref: question.ref, value: question.printed },
    definition: {
      name,
      label,
      formula,
      terms,
      value,
      quotient: rule.quotient ?? null,
      source: rule.source ?? null,
    },
    sql,
    rows,
    sources,
    batches: await batchesOf(deps, loaded, options),
    code: { asset: rule.fact, sqlSha256: sqlInForce(assets, rule.fact) },
    asOf,
    recomputed: recomputed === null ? null : String(recomputed),
    equal: sameNumber(question.printed, recomputed === null ? null : String(recomputed)),
  };
}

/**
 * The present tables serve when neither data nor SQL have changed since the figure's time: they were built from the same
 * rows by the same SQL. Otherwise, and whenever all rows are asked for, everything is evaluated as of that time.
 */
async function readingOptions(
  deps: TraceDependencies,
  { rule, asOf, assets, view }: FigureQuestion,
): Promise<SelectOptions> {
  const past: SelectOptions = { asOf, assets };
  if (view.limit > FEW || (await knownSince(deps.store, deps.warehouse)) > asOf) return past;
  const built = await deps.warehouse.materialization(rule.fact);
  return built?.sqlSha256 === sqlInForce(assets, rule.fact) || !isDerived(assets, rule.fact)
    ? {}
    : past;
}

function isDerived(assets: readonly AssetInForce[], key: string): boolean {
  return assets.some((asset) => asset.key === key);
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

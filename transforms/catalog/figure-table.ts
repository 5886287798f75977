import { formatKey, type CellReference } from '../../core/reference.ts';
import type { SelectOptions, Warehouse } from '../../warehouse/port.ts';
import { tableSql, type FigureRule } from './figure-rule.ts';
import { equalTo } from './predicate.ts';

/** A table of figures as a report declares it: rules are columns, the values of `groupBy` are rows. */
export interface FigureTableSpec {
  readonly id: string;
  readonly rules: readonly FigureRule[];
  readonly groupBy: readonly string[];
  /** Condition on the fact for the whole table. */
  readonly filter: string;
  /** Rows to compute besides those found in the data: the total, subtotals. */
  readonly rows: readonly FigureRow[];
  /** Values of `groupBy` to list even without a row in the fact. */
  readonly members?: readonly (readonly string[])[];
}

/** A row with its own condition. */
export interface FigureRow {
  readonly key: readonly string[];
  readonly filter: string;
}

/** A computed table: frozen in the edition's manifest with its rules, so that every cell traces without today's code. */
export interface FigureTable {
  readonly id: string;
  readonly rules: readonly FigureRule[];
  readonly rows: readonly ComputedRow[];
}

/** A row with exact decimal texts by rule name; null = denominator 0. */
export interface ComputedRow extends FigureRow {
  readonly values: Readonly<Record<string, string | null>>;
}

/** Stands in a row's key for a group whose value is NULL. */
const NO_VALUE_KEY = '-';

/**
 * Computes all figures of a table: one grouped SELECT, one for all members without data, and one for each declared row
 * that the groups do not give.
 */
export async function computeTable(
  warehouse: Pick<Warehouse, 'select'>,
  spec: FigureTableSpec,
  options: SelectOptions = {},
): Promise<FigureTable> {
  const grouped = spec.groupBy.length > 0 ? await groupedRows(warehouse, spec, options) : [];
  const found = new Set(grouped.map(({ key }) => formatKey(key)));
  const others: ComputedRow[] = [];
  for (const row of spec.rows.filter(({ key }) => !found.has(formatKey(key)))) {
    const table = await warehouse.select(
      tableSql(spec.rules, [], both(spec.filter, row.filter)),
      options,
    );
    const values = valuesOf(spec.rules, table.rows[0] ?? [], 0);
    others.push({ key: row.key, filter: both(spec.filter, row.filter), values });
  }
  const missing = (spec.members ?? []).filter((key) => !found.has(formatKey(key)));
  const absent = missing.length > 0 ? await absentRows(warehouse, spec, missing, options) : [];
  return { id: spec.id, rules: spec.rules, rows: [...grouped, ...absent, ...others] };
}

/** Members that no row of the fact belongs to: all have the figures of an empty set. */
async function absentRows(
  warehouse: Pick<Warehouse, 'select'>,
  spec: FigureTableSpec,
  keys: readonly (readonly string[])[],
  options: SelectOptions,
): Promise<readonly ComputedRow[]> {
  const table = await warehouse.select(tableSql(spec.rules, [], 'false'), options);
  const values = valuesOf(spec.rules, table.rows[0] ?? [], 0);
  return keys.map((key) => {
    const own = spec.groupBy.map((column, index) => equalTo(column, key[index] ?? null));
    return { key, filter: both(spec.filter, own.join(' and ')), values };
  });
}

async function groupedRows(
  warehouse: Pick<Warehouse, 'select'>,
  spec: FigureTableSpec,
  options: SelectOptions,
): Promise<readonly ComputedRow[]> {
  const sql = `${tableSql(spec.rules, spec.groupBy, spec.filter)}\norder by ${spec.groupBy.join(', ')}`;
  const table = await warehouse.select(sql, options);
  return table.rows.map((cells) => {
    const key = spec.groupBy.map((_, index) => String(cells[index] ?? NO_VALUE_KEY));
    const own = spec.groupBy.map((column, index) => equalTo(column, cells[index] ?? null));
    return {
      key,
      filter: both(spec.filter, own.join(' and ')),
      values: valuesOf(spec.rules, cells, spec.groupBy.length),
    };
  });
}

function valuesOf(
  rules: readonly FigureRule[],
  cells: readonly (string | boolean | null)[],
  offset: number,
): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    rules.map(({ name }, index) => {
      const cell = cells[offset + index] ?? null;
      return [name, cell === null ? null : String(cell)];
    }),
  );
}

function both(a: string, b: string): string {
  return a === 'true' ? b : b === 'true' ? a : `${a} and ${b}`;
}

/** A row of a table by key. */
export function rowAt(table: FigureTable, key: readonly string[]): ComputedRow | undefined {
  const wanted = formatKey(key);
  return table.rows.find((row) => formatKey(row.key) === wanted);
}

/** The rule and the row's condition behind one cell. */
export function figureAt(
  tables: readonly FigureTable[],
  cell: CellReference,
): { readonly rule: FigureRule; readonly row: ComputedRow } | undefined {
  const table = tables.find(({ id }) => id === cell.table);
  const rule = table?.rules.find(({ name }) => name === cell.column);
  const row = table && rowAt(table, cell.row);
  return rule && row && { rule, row };
}

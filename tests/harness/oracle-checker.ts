import type { Warehouse } from '../../warehouse/port.ts';

/** What a table should hold: values as exact text, in the order of `columns`. */
export interface ExpectedTable {
  readonly columns: readonly string[];
  /** Columns that name a row in the differences. */
  readonly key: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** One difference: a row that should be there, one that should not, or one with other values. */
export interface Difference {
  readonly kind: 'missing' | 'unexpected' | 'different';
  readonly key: string;
  readonly expected?: string;
  readonly found?: string;
}

/**
 * Compares a table with what the oracle says it holds, as multisets over keys and values, and gives the first
 * differences (none = equal).
 */
export async function compareWithOracle(
  warehouse: Warehouse,
  table: string,
  expected: ExpectedTable,
  limit = 10,
): Promise<readonly Difference[]> {
  const columns = expected.columns.map((column) => `"${column}"::varchar as "${column}"`);
  const found = await warehouse.select(`select ${columns.join(', ')} from ${table}`);
  const surplus = new Map<string, number>();
  count(surplus, expected.rows, 1);
  count(surplus, found.rows, -1);
  return differences(surplus, expected).slice(0, limit);
}

function count(
  surplus: Map<string, number>,
  rows: readonly (readonly unknown[])[],
  by: number,
): void {
  for (const row of rows) {
    const text = JSON.stringify(row);
    surplus.set(text, (surplus.get(text) ?? 0) + by);
  }
}

function differences(
  surplus: ReadonlyMap<string, number>,
  { columns, key }: ExpectedTable,
): readonly Difference[] {
  const places = key.map((name) => columns.indexOf(name));
  const keyOf = (text: string): string => {
    const row: readonly unknown[] = JSON.parse(text) as readonly unknown[];
    return places.map((place) => String(row[place])).join('|');
  };
  const missing = [...surplus].filter(([, n]) => n > 0).map(([text]) => text);
  const extra = new Map([...surplus].filter(([, n]) => n < 0).map(([text]) => [keyOf(text), text]));
  const lacking = missing.map((expected): Difference => {
    const found = extra.get(keyOf(expected));
    extra.delete(keyOf(expected));
    return found === undefined
      ? { kind: 'missing', key: keyOf(expected), expected }
      : { kind: 'different', key: keyOf(expected), expected, found };
  });
  const unexpected = [...extra].map(([name, found]): Difference => ({
    kind: 'unexpected',
    key: name,
    found,
  }));
  return [...lacking, ...unexpected];
}

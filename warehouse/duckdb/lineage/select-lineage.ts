import { isDeepStrictEqual } from 'node:util';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Json, JsonObject } from '../../../core/json.ts';
import type { LineageProblem, SelectLineage, TableColumns } from '../../column-lineage.ts';
import { readRows } from '../result-table.ts';
import { parseSelect } from '../select-tree.ts';
import { readQuery } from './query-node.ts';
import type { Scope, Walk } from './scope.ts';

/**
 * Works out where each column of each SELECT comes from, from its text alone: nothing is run. Names that mean nothing are
 * problems with their place. Throws data `sql-invalid`.
 */
export async function selectLineages(
  connection: DuckDBConnection,
  selects: readonly string[],
  tables: TableColumns,
): Promise<readonly SelectLineage[]> {
  const aggregates = await aggregateNames(connection);
  const lineages: SelectLineage[] = [];
  for (const sql of selects) {
    const { statement } = await parseSelect(connection, sql);
    lineages.push(lineageOf(sql, statement, { tables, aggregates }));
  }
  return lineages;
}

function lineageOf(
  sql: string,
  statement: JsonObject,
  known: Pick<Walk, 'tables' | 'aggregates'>,
): SelectLineage {
  const problems: LineageProblem[] = [];
  const problem = (at: Json | undefined, words: string) => {
    const found = { ...placeOf(sql, at), problem: words };
    if (!problems.some((one) => isDeepStrictEqual(one, found))) problems.push(found);
  };
  const whole = readQuery(statement['node'], outermost({ ...known, problem, query: readQuery }));
  return {
    columns: whole.columns.map(({ name, origins }) => ({
      name,
      direct: sorted(origins.direct),
      indirect: sorted(origins.indirect),
    })),
    indirect: sorted(whole.indirect.indirect),
    problems,
  };
}

function outermost(walk: Walk): Scope {
  return { walk, relations: [], withs: new Map(), named: [], outer: undefined };
}

function sorted<T>(uses: ReadonlyMap<string, T>): readonly T[] {
  return [...uses].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, use]) => use);
}

async function aggregateNames(connection: DuckDBConnection): Promise<ReadonlySet<string>> {
  const rows = await readRows(
    connection,
    `select distinct lower(function_name) from duckdb_functions() where function_type = 'aggregate'`,
    [],
  );
  return new Set(rows.map(([name]) => String(name)));
}

/** The engine counts bytes; people count lines. */
function placeOf(sql: string, at: Json | undefined): { line: number; column: number } {
  const before = Buffer.from(sql)
    .subarray(0, Number(at ?? 0))
    .toString('utf8');
  const lines = before.split('\n');
  return { line: lines.length, column: Array.from(lines.at(-1) ?? '').length + 1 };
}

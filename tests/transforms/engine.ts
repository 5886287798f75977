import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { StreamContract } from '../../core/stream-contract.ts';
import type { DimensionPack } from '../../transforms/catalog/load-dimensions.ts';
import type { ResultTable } from '../../warehouse/port.ts';

/** A DuckDB in memory with the schemas of a warehouse: for tests of SQL alone. */
export class Engine {
  readonly #connection: DuckDBConnection;

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  static async open(): Promise<Engine> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
    const engine = new Engine(await instance.connect());
    for (const schema of ['staging', 'mart', 'dim']) await engine.run(`create schema ${schema}`);
    return engine;
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  /** Rows as the warehouse port gives them: text, booleans, NULL. */
  async select(sql: string): Promise<ResultTable> {
    const reader = await this.#connection.runAndReadAll(sql);
    const names = reader.columnNames();
    const types = reader.columnTypes();
    return {
      columns: names.map((name, i) => ({ name, type: String(types[i]).toLowerCase() })),
      rows: reader
        .getRows()
        .map((row) => row.map((v) => (v === null ? null : typeof v === 'boolean' ? v : String(v)))),
    };
  }

  /** Tables a SELECT reads, from DuckDB's own parser. */
  async tablesOf(sql: string): Promise<readonly string[]> {
    const quoted = sql.replaceAll("'", "''");
    const { rows } = await this.select(`select json_serialize_sql('${quoted}')`);
    const text = String(rows[0]?.[0]);
    const tree: unknown = JSON.parse(text);
    if (text.includes('"error":true')) throw new Error(text.slice(0, 300));
    const found = new Set<string>();
    walk(tree, found);
    return [...found];
  }

  /** Creates a table of a contract, empty or from a CSV file that may leave columns out. */
  async createTable(contract: StreamContract, csv?: string): Promise<void> {
    const table = `${contract.layer}.${contract.stream}`;
    const columns = contract.columns.map((c) => `${c.name} ${c.type}`).join(', ');
    await this.run(`create or replace table ${table} (${columns})`);
    if (csv === undefined) return;
    const from = `read_csv('${csv}', all_varchar = true, header = true, nullstr = '', quote = '"')`;
    await this.run(`insert into ${table} by name select * from ${from}`);
  }

  close(): void {
    this.#connection.closeSync();
  }
}

/** Creates and fills the shipped dimensions. */
export async function loadShippedDimensions(
  engine: Engine,
  packs: readonly DimensionPack[],
): Promise<void> {
  for (const pack of packs) await engine.createTable(pack.contract, pack.path);
}

function walk(node: unknown, found: Set<string>): void {
  if (Array.isArray(node)) {
    for (const part of node) walk(part, found);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const entries = new Map(Object.entries(node));
  const schema: unknown = entries.get('schema_name');
  const table: unknown = entries.get('table_name');
  if (entries.get('type') === 'BASE_TABLE' && typeof schema === 'string' && schema !== '') {
    found.add(`${schema}.${String(table)}`);
  }
  for (const part of entries.values()) walk(part, found);
}

import pg from 'pg';
import { installFunctions } from '../../warehouse/postgres/functions/install-functions.ts';
import { openTranspiler, type Transpiler } from '../../warehouse/postgres/transpile/transpiler.ts';
import { startPostgres, type TestPostgres } from '../harness/postgres.ts';
import { Engine } from '../transforms/engine.ts';

/** A value of a result, so written that equal values are equal texts on both engines. */
export type Value = string | boolean | null;

/** DuckDB and PostgreSQL side by side: the same SQL, the second through the transpiler. */
export class EnginePair {
  readonly duckdb: Engine;
  readonly transpiler: Transpiler;
  readonly #server: TestPostgres;
  readonly #client: pg.Client;

  private constructor(
    duckdb: Engine,
    transpiler: Transpiler,
    server: TestPostgres,
    client: pg.Client,
  ) {
    this.duckdb = duckdb;
    this.transpiler = transpiler;
    this.#server = server;
    this.#client = client;
  }

  static async open(): Promise<EnginePair> {
    const server = await startPostgres();
    const client = new pg.Client({ connectionString: await server.database() });
    await client.connect();
    await client.query(`set timezone = 'Asia/Ho_Chi_Minh'`);
    for (const schema of ['staging', 'mart', 'dim']) await client.query(`create schema ${schema}`);
    await installFunctions((sql) => client.query(sql));
    const duckdb = await Engine.open();
    await duckdb.run(`set timezone = 'Asia/Ho_Chi_Minh'`);
    return new EnginePair(duckdb, await openTranspiler(), server, client);
  }

  /** Runs a statement that both understand on both. */
  async run(sql: string): Promise<void> {
    await this.duckdb.run(sql);
    await this.#client.query(sql);
  }

  /** Runs a statement of PostgreSQL's. */
  async runPostgres(sql: string): Promise<void> {
    await this.#client.query(sql);
  }

  /** The rows of one SELECT on both, by column and value. */
  async both(
    sql: string,
  ): Promise<{ readonly duckdb: readonly Value[][]; readonly postgres: readonly Value[][] }> {
    const { columns, rows } = await this.duckdb.select(sql);
    const types = columns.map(({ type }) => type);
    const postgres = await this.#client.query<(string | null)[]>({
      text: this.transpiler.transpile(sql),
      rowMode: 'array',
      types: { getTypeParser: () => (text: string) => text },
    });
    return {
      duckdb: rows.map((row) => row.map((cell, i) => written(cell, types[i] ?? ''))),
      postgres: postgres.rows.map((row) => row.map((cell, i) => written(cell, types[i] ?? ''))),
    };
  }

  async close(): Promise<void> {
    this.duckdb.close();
    await this.#client.end();
    await this.#server.stop();
  }
}

function written(cell: string | boolean | null, type: string): Value {
  if (cell === null || typeof cell === 'boolean') return cell;
  if (type === 'boolean') return cell === 't';
  if (type === 'double') return String(Number(cell));
  return /^(decimal|.*int)/.test(type) ? plainNumber(cell) : cell;
}

/** A decimal by its value: `2.50` and `2.5` are one number. */
function plainNumber(text: string): string {
  const plain = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return plain === '-0' ? '0' : plain;
}

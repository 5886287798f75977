import type { DuckDBConnection } from '@duckdb/node-api';
import { literal, quoted } from '../../core/sql-text.ts';
import { historyKey } from '../duckdb/contract-tables.ts';
import { readRows } from '../duckdb/result-table.ts';
import { columnList, instant, sameIn, tableName } from '../duckdb/sql-text.ts';
import { Turnstile } from '../duckdb/turnstile.ts';
import type { Shape } from './column-types.ts';
import { emptyTable, type Desk } from './desk.ts';
import { fetchRows } from './exchange.ts';
import { readTexts, type Client } from './server.ts';

/** Schema of the desk that holds copies of loaded tables. */
const schema = 'replica';

/**
 * Copies of the current rows of loaded tables that checks read, kept at the desk. What came and what left since the last
 * look is told by the recorded times, which rise: only that travels.
 */
export class Replicas {
  private readonly desk: Desk;
  private readonly upTo = new Map<string, string>();
  private readonly turns = new Turnstile();

  constructor(desk: Desk) {
    this.desk = desk;
  }

  /** Makes `key` in the connection's own catalog show the table's current rows. */
  async show(client: Client, connection: DuckDBConnection, key: string): Promise<void> {
    await this.turns.pass(() => this.refresh(client, key));
    const copy = `${this.desk.engine.catalog}.${copyOf(key)}`;
    await connection.run(`create or replace view ${tableName(key)} as select * from ${copy}`);
  }

  private async refresh(client: Client, key: string): Promise<void> {
    const shape = await this.desk.shapeOf(client, key);
    if (!shape) throw new TypeError(`${key} is no loaded table`);
    const now = await lastChange(client, key);
    await this.desk.engine.use(async (connection) => {
      const known = (await hasShape(connection, key, shape)) ? this.upTo.get(key) : undefined;
      // A transaction that began earlier may ask for less than is there.
      if (known !== undefined && now !== undefined && now <= known) return;
      if (known === undefined)
        await connection.run(
          `create schema if not exists ${schema}; ${emptyTable(`${schema}.${key}`, shape)}`,
        );
      await this.bring(client, connection, { key, shape, known });
      if (now !== undefined) this.upTo.set(key, now);
    });
  }

  private async bring(
    client: Client,
    connection: DuckDBConnection,
    { key, shape, known }: { key: string; shape: Shape; known: string | undefined },
  ): Promise<void> {
    const copy = copyOf(key);
    const fetch = async (select: string, table: string): Promise<void> => {
      await connection.run(
        `create or replace temp table ${table} as select * from ${copy} limit 0`,
      );
      await fetchRows(client, { select, shape, file: this.desk.scratch() }, connection, table);
    };
    const names = [...shape.keys()];
    const list = columnList(names);
    if (known !== undefined) {
      const at = instant(known);
      const left = `_recorded_to > ${at} and _recorded_from <= ${at}`;
      await fetch(`select ${list} from ${tableName(historyKey(key))} where ${left}`, 'gone');
      await connection.run(`delete from ${copy} c using gone g where ${sameIn(names, 'c', 'g')}`);
    }
    const since = known === undefined ? '' : `where _recorded_from > ${instant(known)}`;
    await fetch(`select ${list} from ${tableName(key)} ${since}`, 'fresh');
    await connection.run(`insert into ${copy} select * from fresh`);
  }
}

function copyOf(key: string): string {
  return `${schema}.${quoted(key)}`;
}

async function lastChange(client: Client, key: string): Promise<string | undefined> {
  const [row] = await readTexts(
    client,
    'select max(recorded_at) from ledger.stream where asset = $1 and touched',
    [key],
  );
  return row?.[0] ?? undefined;
}

async function hasShape(connection: DuckDBConnection, key: string, shape: Shape): Promise<boolean> {
  const rows = await readRows(
    connection,
    `select column_name, data_type from duckdb_columns() where database_name = current_database()
       and schema_name = ${literal(schema)} and table_name = ${literal(key)} order by column_index`,
  );
  return JSON.stringify(rows) === JSON.stringify([...shape]);
}

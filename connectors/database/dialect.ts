import type { Socket } from 'node:net';
import type { Knex } from 'knex';
import type { DatabaseConfig, DatabaseStream } from './config.ts';

/** A row as it travels: every value as the text that the server writes. */
export type TextRow = Readonly<Record<string, string | null>>;

/** What differs between servers. */
export interface Dialect {
  /** Name of knex for it. */
  readonly client: 'pg' | 'mysql2' | 'mssql';
  readonly port: number;
  /** Package of the driver, where it is not part of the product. */
  readonly driver?: string;
  /** Settings of the driver for one connection over a socket that is connected and checked. */
  settings(config: DatabaseConfig, password: string, socket: Socket): Knex.StaticConnectionConfig;
  /** Statements that begin the one read-only transaction, seen from a single moment. */
  begin(config: DatabaseConfig, version: string): readonly string[];
  readonly version: string;
  /** Rows of a SELECT as they come, few at a time in memory. */
  stream(knex: Knex, select: Knex.QueryBuilder): AsyncIterable<unknown>;
  rowsOf(answer: unknown): unknown;
  /** SELECT of `table_schema`, `table_name`, `column_name`, `place` of primary keys, as a reading account sees them. */
  readonly keys: string;
  /** Condition on a stream's cursor: from a value on, less the look-back. Bindings: column, value. */
  since(cursor: NonNullable<DatabaseStream['cursor']>): string;
  /** The largest value of a cursor that is not in the future. Binding: column. */
  reached(cursor: NonNullable<DatabaseStream['cursor']>): string;
}

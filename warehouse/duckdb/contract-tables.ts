import type { DuckDBConnection } from '@duckdb/node-api';
import { PhusaError } from '../../core/errors.ts';
import type { ColumnContract, StreamContract } from '../../core/stream-contract.ts';
import { quoted } from '../../core/sql-text.ts';
import { readRows } from './result-table.ts';
import { engineType, tableName } from './sql-text.ts';

/** Columns the warehouse adds to every loaded table: where the row came from and when it was recorded. */
export const provenance = ['_batch', '_file', '_row', '_recorded_from', '_published_at'] as const;

const provenanceTypes =
  '_batch varchar, _file integer, _row bigint, _recorded_from timestamptz, _published_at timestamptz, _fingerprint uhugeint';

/**
 * Stands for the text and the code a row was made of (see `DecodeSession`); NULL where decode did not tell. It is not
 * for people: it would tell two equal records of personal data apart from all others.
 */
export const fingerprintColumn = '_fingerprint';

/** Key of a stream's table of current rows. */
export function currentKey(contract: StreamContract): string {
  return `${contract.layer}.${contract.stream}`;
}

/** Key of the table of superseded rows: `history.<stream>`, for dimensions `history.dim_<stream>`. */
export function historyKey(current: string): string {
  return current.startsWith('dim.')
    ? `history.dim_${current.slice(4)}`
    : `history.${current.slice(current.indexOf('.') + 1)}`;
}

/** Names of a contract's columns. */
export function columnNames(contract: StreamContract): readonly string[] {
  return contract.columns.map((column) => column.name);
}

/** Prepares the tables of contracts; one look at all columns passes over those that stand as declared. */
export async function prepareContracts(
  connection: DuckDBConnection,
  contracts: readonly StreamContract[],
): Promise<void> {
  const standing = await standingColumns(connection);
  for (const contract of contracts) {
    if (!standsAsDeclared(contract, standing)) await prepareContract(connection, contract);
  }
}

/** Engine types by `table.column`. */
async function standingColumns(connection: DuckDBConnection): Promise<ReadonlyMap<string, string>> {
  const rows = await readRows(
    connection,
    `select schema_name || '.' || table_name || '.' || column_name, data_type from duckdb_columns()
     where database_name = current_database() and schema_name in ('staging', 'dim', 'history')`,
  );
  return new Map(rows.map(([column, type]) => [String(column), String(type)]));
}

function standsAsDeclared(
  contract: StreamContract,
  standing: ReadonlyMap<string, string>,
): boolean {
  const current = currentKey(contract);
  return [current, historyKey(current)].every(
    (table) =>
      standing.has(`${table}.${fingerprintColumn}`) &&
      contract.columns.every(
        ({ name, type }) => standing.get(`${table}.${name}`) === engineType(type),
      ),
  );
}

/**
 * Creates a contract's tables or adds the columns it gained; outside load transactions, without keys or indexes.
 * Throws fatal `contract-conflict` when a column changed its type. Columns that left the contract stay.
 */
async function prepareContract(
  connection: DuckDBConnection,
  contract: StreamContract,
): Promise<void> {
  const current = currentKey(contract);
  const columns = contract.columns.map((column) => declaration(contract, column)).join(', ');
  const history = historyKey(current);
  await connection.run(`create table if not exists ${tableName(current)}(${columns}, ${provenanceTypes});
    create table if not exists ${tableName(history)}(${columns}, ${provenanceTypes}, _recorded_to timestamptz)`);
  for (const key of [current, history]) await addMissing(connection, key, contract);
}

/**
 * A column as it is declared. The engine looks for repeats in texts, which costs most of what writing them does: of texts
 * that seldom repeat, a table's one key and what is told of persons, it is told not to.
 */
function declaration({ key }: StreamContract, column: ColumnContract): string {
  const { name, type, classification } = column;
  const seldomRepeats = (key.length === 1 && key[0] === name) || classification === 'personal';
  const compression = type === 'varchar' && seldomRepeats ? ' using compression zstd' : '';
  return `${quoted(name)} ${type}${compression}`;
}

/** Name and engine type of a table's columns, in order; empty when there is no such table. */
export async function tableColumns(
  connection: DuckDBConnection,
  key: string,
): Promise<ReadonlyMap<string, string>> {
  const result = await connection.run(`select * from ${tableName(key)} limit 0`);
  const types = result.columnTypes();
  return new Map(result.columnNames().map((name, index) => [name, String(types[index])]));
}

/** The value columns of a table: all but those the warehouse added. */
export function valueColumns(columns: Iterable<string>): readonly string[] {
  return [...columns].filter((name) => !name.startsWith('_'));
}

async function addMissing(
  connection: DuckDBConnection,
  key: string,
  contract: StreamContract,
): Promise<void> {
  const present = await tableColumns(connection, key);
  if (!present.has(fingerprintColumn)) {
    await connection.run(`alter table ${tableName(key)} add column ${fingerprintColumn} uhugeint`);
  }
  for (const column of contract.columns) {
    const type = present.get(column.name);
    if (type === undefined) {
      await connection.run(
        `alter table ${tableName(key)} add column ${quoted(column.name)} ${column.type}`,
      );
    } else if (type !== engineType(column.type)) {
      throw retyped(key, column.name, type, column.type);
    }
  }
}

/** The error of a column that changed its type. */
export function retyped(key: string, field: string, was: string, now: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'contract-conflict',
    message: {
      vi: `Cột ${key}.${field} đang là ${was}, hợp đồng mới khai ${now}`,
      en: `Column ${key}.${field} is ${was}, the new contract says ${now}`,
    },
    remedy: {
      vi: 'Đặt tên cột mới; hoặc dừng hệ thống, cất tệp kho đi nơi khác: lần mở sau dựng lại kho từ dữ liệu gốc.',
      en: 'Give the column a new name; or stop, move the warehouse file away: the next opening rebuilds it from landed bytes.',
    },
    place: { stream: key, field },
  });
}

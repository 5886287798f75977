import type { DuckDBConnection } from '@duckdb/node-api';
import { PhusaError } from '../../core/errors.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import { wordsOf } from './engine-error.ts';
import { engineType, literal, quoted } from './sql-text.ts';
import { readRows } from './result-table.ts';

/** Name of the temporary table that decode leaves for a stream. */
export function decodedTable(stream: string): string {
  return quoted(`decoded_${stream}`);
}

const bookkeeping: Readonly<Record<string, string>> = {
  _file: 'INTEGER',
  _row: 'BIGINT',
  _published_at: 'TIMESTAMP WITH TIME ZONE',
  _status: 'VARCHAR',
  _reason: 'VARCHAR',
  _field: 'VARCHAR',
  _value: 'VARCHAR',
  _raw: 'VARCHAR',
};

/**
 * Holds decode to its word: every stream's table is there with the contract's columns in the contract's types and
 * the bookkeeping columns, and `_status` has only known values. Throws fatal `decode-shape`, naming all problems.
 */
export async function assertDecoded(
  connection: DuckDBConnection,
  contracts: readonly StreamContract[],
): Promise<void> {
  const problems: string[] = [];
  for (const contract of contracts) problems.push(...(await problemsOf(connection, contract)));
  if (problems.length > 0) throw misshapen(problems);
}

async function problemsOf(
  connection: DuckDBConnection,
  contract: StreamContract,
): Promise<readonly string[]> {
  const table = decodedTable(contract.stream);
  const present = await shapeOf(connection, table);
  if (present === undefined) return [`no temporary table ${table}`];
  const wanted = Object.entries({ ...typesOf(contract), ...bookkeeping });
  const wrong = wanted.flatMap(([name, type]) => {
    const found = present.get(name);
    return found === type ? [] : [`${table}.${quoted(name)} is ${found ?? 'absent'}, not ${type}`];
  });
  return wrong.length > 0 ? wrong : await unknownStatuses(connection, contract, table);
}

async function shapeOf(
  connection: DuckDBConnection,
  table: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    const result = await connection.run(`select * from temp.main.${table} limit 0`);
    const types = result.columnTypes();
    return new Map(result.columnNames().map((name, index) => [name, String(types[index])]));
  } catch (error) {
    if (wordsOf(error).startsWith('Catalog Error')) return undefined;
    throw error;
  }
}

async function unknownStatuses(
  connection: DuckDBConnection,
  contract: StreamContract,
  table: string,
): Promise<readonly string[]> {
  const known = [
    'filtered',
    'quarantined',
    ...(contract.deletes === 'tombstone' ? ['deleted'] : []),
  ];
  const rows = await readRows(
    connection,
    `select distinct _status from ${table} where _status not in (${known.map(literal).join(', ')}) limit 5`,
  );
  return rows.map(
    ([status]) =>
      `${table}._status has the value ${String(status)}, which its contract does not know`,
  );
}

function typesOf(contract: StreamContract): Readonly<Record<string, string>> {
  return Object.fromEntries(contract.columns.map((c) => [c.name, engineType(c.type)]));
}

function misshapen(problems: readonly string[]): PhusaError {
  const list = problems.join('; ');
  return new PhusaError({
    group: 'fatal',
    code: 'decode-shape',
    message: {
      vi: `Bước giải mã trả về bảng không đúng hợp đồng: ${list}`,
      en: `Decode left tables that break the contract: ${list}`,
    },
    remedy: {
      vi: 'Sửa bước giải mã của bộ kết nối theo hợp đồng luồng.',
      en: 'Correct the decode step of the connector to match its stream contract.',
    },
  });
}

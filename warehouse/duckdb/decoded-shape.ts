import type { DuckDBConnection } from '@duckdb/node-api';
import { PhusaError } from '../../core/errors.ts';
import { takesTombstones, type StreamContract } from '../../core/stream-contract.ts';
import { fingerprintColumn } from './contract-tables.ts';
import { wordsOf } from './engine-error.ts';
import { literal, quoted } from '../../core/sql-text.ts';
import { engineType } from './sql-text.ts';
import type { ResultTable } from '../port.ts';
import { readTable, type Cell } from './result-table.ts';

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
 * Gives the streams whose rows have fingerprints.
 */
export async function assertDecoded(
  connection: DuckDBConnection,
  contracts: readonly StreamContract[],
): Promise<ReadonlySet<string>> {
  const problems: string[] = [];
  const fingerprinted = new Set<string>();
  for (const contract of contracts) {
    const found = await sampleOf(connection, decodedTable(contract.stream), contract);
    problems.push(...problemsOf(contract, found));
    const last = found?.columns.find(({ name }) => name === fingerprintColumn);
    if (last?.type === 'UHUGEINT') fingerprinted.add(contract.stream);
  }
  if (problems.length > 0) throw misshapen(problems);
  return fingerprinted;
}

function problemsOf(contract: StreamContract, found: ResultTable | undefined): readonly string[] {
  const table = decodedTable(contract.stream);
  if (found === undefined) return [`no temporary table ${table}`];
  const present = new Map(found.columns.map(({ name, type }) => [name, type]));
  const wanted = Object.entries({ ...typesOf(contract), ...bookkeeping });
  const wrong = wanted.flatMap(([name, type]) => {
    const is = present.get(name);
    return is === type ? [] : [`${table}.${quoted(name)} is ${is ?? 'absent'}, not ${type}`];
  });
  const status = found.columns.findIndex(({ name }) => name === '_status');
  return wrong.length > 0 ? wrong : found.rows.map((row) => unknownStatus(table, row[status]));
}

/** The table's columns and some rows whose status its contract does not know; undefined without the table. */
async function sampleOf(
  connection: DuckDBConnection,
  table: string,
  contract: StreamContract,
): Promise<ResultTable | undefined> {
  const known = ['filtered', 'quarantined', ...(takesTombstones(contract) ? ['deleted'] : [])];
  const from = `select * from temp.main.${table}`;
  try {
    return await readTable(
      connection,
      `${from} where _status::varchar not in (${known.map(literal).join(', ')}) limit 5`,
    );
  } catch (error) {
    if (wordsOf(error).startsWith('Catalog Error')) return undefined;
    // Without a column `_status` the columns alone tell what is wrong.
    if (wordsOf(error).startsWith('Binder Error'))
      return await readTable(connection, `${from} limit 0`);
    throw error;
  }
}

function unknownStatus(table: string, status: Cell | undefined): string {
  return `${table}._status has the value ${String(status)}, which its contract does not know`;
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

import { DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import type { Facts } from '../effort.ts';
import { dossierColumns } from './dossier-columns.ts';

const inputShape = z.object({ database: z.string(), table: z.string() });

/** What a contender's table holds: rows, a hash of the keys and a hash over keys and values, whatever types it chose. */
export async function readTable(given: unknown): Promise<Facts> {
  const { database, table } = inputShape.parse(given);
  const instance = await DuckDBInstance.create(database, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const values = dossierColumns.map(({ name, type }) => comparable(name, type)).join(', ');
  const answer = await connection.runAndReadAll(`select count(*)::varchar as rows,
    bit_xor(hash(dossier_code))::varchar as keys, bit_xor(hash(${values}))::varchar as cells,
    sum(fee)::varchar as fees from ${table}`);
  const facts = z.record(z.string(), z.string()).parse(answer.getRowObjects()[0]);
  connection.closeSync();
  instance.closeSync();
  return facts;
}

function comparable(name: string, type: string): string {
  if (type === 'timestamp') return `epoch_us(${name})`;
  return `${name}::${type === 'integer' ? 'bigint' : type}`;
}

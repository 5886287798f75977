import { DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import type { Facts } from '../effort.ts';

const inputShape = z.object({ database: z.string(), table: z.string() });

/** What a contender's table holds. */
export async function readRecords(given: unknown): Promise<Facts> {
  const { database, table } = inputShape.parse(given);
  const instance = await DuckDBInstance.create(database, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const answer = await connection.runAndReadAll(
    `select count(distinct report_id)::varchar as rows, sum(fee)::varchar as fees from ${table}`,
  );
  const facts = z.record(z.string(), z.string()).parse(answer.getRowObjects()[0]);
  connection.closeSync();
  instance.closeSync();
  return facts;
}

import { DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { literal } from '../../core/sql-text.ts';
import type { Facts } from '../effort.ts';
import { dossierColumns } from './dossier-columns.ts';

const inputShape = z.object({ database: z.string(), file: z.string(), spill: z.string() });

/**
 * The least that SQL can do: one statement that reads, types and keeps the newest version of each key. Nothing is
 * landed, checked, kept or told. It has the memory limit that the warehouse has.
 */
export async function mergeLean(given: unknown): Promise<Facts> {
  const { database, file, spill } = inputShape.parse(given);
  const options = { memory_limit: '1600MB', temp_directory: spill };
  const instance = await DuckDBInstance.create(database, options);
  const connection = await instance.connect();
  const columns = dossierColumns.map(({ name, type }) => `${name}: '${type}'`).join(', ');
  await connection.run(`create table dossier as
    select * from read_csv(${literal(file)}, header = true, auto_detect = false, columns = {${columns}})
    qualify row_number() over (partition by dossier_code order by updated_at desc) = 1`);
  connection.closeSync();
  instance.closeSync();
  return {};
}

import type { DuckDBConnection } from '@duckdb/node-api';
import type { DecodedBatch } from '../staged-batch.ts';
import { asideTable } from './classify.ts';
import { decodedTable } from './decoded-shape.ts';
import { quoted } from './sql-text.ts';

/**
 * Keeps the quarantined rows of a batch, replacing what it left before. Rows without a record of their own text keep
 * the decoded values as JSON.
 */
export async function keepQuarantined(
  connection: DuckDBConnection,
  batch: DecodedBatch,
  held: boolean,
): Promise<void> {
  await connection.run('delete from quarantine.row where batch = $1', [batch.batch]);
  for (const contract of batch.contracts) {
    const values = contract.columns.map(({ name }) => `${quoted(name)} := d.${quoted(name)}`);
    await connection.run(
      `insert into quarantine.row
       select $1, $2, $3, d._file, d._row, a.reason, d._field, d._value,
         coalesce(d._raw, to_json(struct_pack(${values.join(', ')}))::varchar), $4
       from ${decodedTable(contract.stream)} d
       join ${asideTable(contract.stream)} a on a.rid = d.rowid and a.class = 'quarantined'`,
      [batch.batch, batch.source, contract.stream, held],
    );
  }
}

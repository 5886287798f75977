import type { DuckDBConnection } from '@duckdb/node-api';
import type { LoadCounts } from '../../core/load-counts.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import type { DecodedBatch } from '../staged-batch.ts';
import { asideTable } from './classify.ts';
import { decodedTable } from './decoded-shape.ts';
import { growing } from './growing.ts';
import type { Staged } from './stage-batch.ts';
import { literal, quoted } from '../../core/sql-text.ts';

/**
 * Keeps the quarantined rows of a batch; what it left before must be forgotten first. Rows without a record of their own text keep
 * the decoded values as JSON.
 */
export async function keepQuarantined(
  connection: DuckDBConnection,
  batch: DecodedBatch,
  counts: Readonly<Record<string, LoadCounts>>,
  held: boolean,
): Promise<void> {
  for (const contract of batch.contracts) {
    const quarantined = counts[contract.stream]?.quarantined ?? 0;
    if (quarantined > 0) {
      await growing(connection, 'quarantine.row', quarantined, () =>
        keepStream(connection, batch, contract, held),
      );
    }
  }
}

/** Removes what batches, or an earlier try of one, left in quarantine. */
export async function forgetQuarantined(
  connection: DuckDBConnection,
  batches: readonly string[],
): Promise<void> {
  const names = batches.map(literal).join(', ');
  await connection.run(`delete from quarantine.row where batch in (${names})`);
}

/** Keeps the quarantined rows of a held batch, in a transaction of their own. */
export async function keepHeld(staged: Staged): Promise<void> {
  const { connection, batch } = staged;
  await connection.run('begin transaction');
  try {
    await forgetQuarantined(connection, [batch.batch, ...(batch.again?.answersFor ?? [])]);
    await keepQuarantined(connection, batch, staged.staged.counts, true);
    await connection.run('commit');
  } catch (error) {
    await connection.run('rollback').catch(() => undefined);
    throw error;
  }
}

async function keepStream(
  connection: DuckDBConnection,
  batch: DecodedBatch,
  contract: StreamContract,
  held: boolean,
): Promise<number> {
  const values = contract.columns.map(({ name }) => `${quoted(name)} := d.${quoted(name)}`);
  const { rowsChanged } = await connection.run(
    `insert into quarantine.row
     select $1, $2, $3, d._file, d._row, a.reason, d._field, d._value,
       coalesce(d._raw, to_json(struct_pack(${values.join(', ')}))::varchar), $4
     from ${decodedTable(contract.stream)} d
     join ${asideTable(contract.stream)} a on a.rid = d.rowid and a.class = 'quarantined'`,
    [batch.batch, batch.source, contract.stream, held],
  );
  return rowsChanged;
}

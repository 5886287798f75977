import { literal, quoted } from '../../core/sql-text.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import { asideTable } from '../duckdb/classify.ts';
import { decodedTable } from '../duckdb/decoded-shape.ts';
import { miscounted } from '../duckdb/growing.ts';
import type { DecodedBatch } from '../staged-batch.ts';
import { quarantineShape } from './catalog-tables.ts';
import { sendRows } from './exchange.ts';
import type { Client } from './server.ts';
import type { Counts, Loader, Staged } from './stage-batch.ts';

/**
 * Keeps the quarantined rows of a batch; what it left before must be forgotten first. Rows without a record of their own
 * text keep the decoded values as JSON.
 */
export async function keepQuarantined(
  { desk }: Loader,
  { connection, batch }: Staged,
  counts: Counts,
  held: boolean,
  client: Client,
): Promise<void> {
  for (const contract of batch.contracts) {
    const quarantined = counts[contract.stream]?.quarantined ?? 0;
    if (quarantined === 0) continue;
    const rows = {
      select: quarantinedRows(batch, contract, held),
      shape: quarantineShape,
      file: desk.scratch(),
    };
    const kept = await sendRows(connection, rows, client, 'quarantine.row');
    if (kept !== quarantined) throw miscounted('quarantine.row', quarantined, kept);
  }
}

/** Removes what batches, or an earlier try of one, left in quarantine. */
export async function forgetQuarantined(client: Client, batches: readonly string[]): Promise<void> {
  await client.query('delete from quarantine.row where batch = any($1)', [batches]);
}

/** Keeps the quarantined rows of a held batch, in a transaction of their own. */
export async function keepHeld(loader: Loader, staged: Staged): Promise<void> {
  const { batch } = staged;
  await loader.server.transaction(async (client) => {
    await forgetQuarantined(client, [batch.batch, ...(batch.again?.answersFor ?? [])]);
    await keepQuarantined(loader, staged, staged.staged.counts, true, client);
  });
}

function quarantinedRows(batch: DecodedBatch, contract: StreamContract, held: boolean): string {
  const values = contract.columns.map(({ name }) => `${quoted(name)} := d.${quoted(name)}`);
  const names = [batch.batch, batch.source, contract.stream].map(literal);
  return `select ${names[0] ?? ''} as batch, ${names[1] ?? ''} as source, ${names[2] ?? ''} as stream,
      d._file as file, d._row as row, a.reason, d._field as field, d._value as value,
      coalesce(d._raw, to_json(struct_pack(${values.join(', ')}))::varchar) as raw, ${held} as held
    from ${decodedTable(contract.stream)} d
    join ${asideTable(contract.stream)} a on a.rid = d.rowid and a.class = 'quarantined'`;
}

import { holdsBatch, type ColumnDrift } from '../../core/column-drift.ts';
import { literal } from '../../core/sql-text.ts';
import type { DecodeSession } from '../../warehouse/decode-session.ts';

/** Makes the table that changes of columns are told in; it may be there already. */
export async function prepareDrift(session: DecodeSession): Promise<void> {
  await session.run(
    'create temp table if not exists column_drift(stream varchar, body varchar, holds boolean, fields varchar[])',
  );
}

/** Tells how the columns of a stream changed, and which names its records have (see `DecodeSession`). */
export async function noteDrift(
  session: DecodeSession,
  stream: string,
  changes: readonly ColumnDrift[],
  fields: readonly string[] = [],
): Promise<void> {
  await prepareDrift(session);
  const rows = [
    ...changes.map((change) => `(${literal(JSON.stringify(change))}, ${holdsBatch(change)}, null)`),
    ...(fields.length === 0 ? [] : [`(null, false, [${fields.map(literal).join(', ')}])`]),
  ];
  if (rows.length === 0) return;
  await session.run(
    `insert into column_drift select ${literal(stream)}, * from (values ${rows.join(', ')})`,
  );
}

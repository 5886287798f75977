import type { DuckDBConnection } from '@duckdb/node-api';
import type { MirrorColumn } from '../port.ts';
import { openChunkAppender } from './chunk-appender.ts';
import { quoted } from '../../core/sql-text.ts';

/** Replaces `meta.<name>` by rows taken from the control store, in one transaction. Times come as ISO text. */
export async function mirrorTable(
  connection: DuckDBConnection,
  name: string,
  columns: readonly MirrorColumn[],
  rows: readonly (readonly (string | number | null)[])[],
): Promise<void> {
  const appender = await openChunkAppender(
    connection,
    'mirrored',
    columns.map((column) => ({
      name: column.name,
      type: column.type === 'bigint' ? 'bigint' : 'varchar',
    })),
  );
  await appender.append(columns.map((_, index) => rows.map((row) => row[index] ?? null)));
  await appender.close();
  const casts = columns.map(
    ({ name: column, type }) => `${quoted(column)}::${type} as ${quoted(column)}`,
  );
  await connection.run(
    `create or replace table meta.${quoted(name)} as select ${casts.join(', ')} from mirrored`,
  );
}

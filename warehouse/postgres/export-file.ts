import { bare } from '../duckdb/check-findings.ts';
import { copyToFile } from '../duckdb/trusted-select.ts';
import type { ExportTarget, SelectOptions } from '../port.ts';
import { emptyTable } from './desk.ts';
import { fetchRows } from './exchange.ts';
import { understand, type Relation } from './relations.ts';
import { atDesk, makeRelations } from './running-select.ts';
import { keepRows, passing, type Reading } from './trusted-select.ts';

/** The table in which an export's rows wait. */
const waiting = 'phusa_export';

/** Writes a SELECT's result to a file, by DuckDB as on the other engine, and counts the file's rows again. */
export async function exportFile(
  reading: Reading,
  sql: string,
  target: ExportTarget,
  options: SelectOptions,
): Promise<{ readonly rows: number }> {
  const { desk, server } = reading;
  const { values } = options;
  const understood = await understand(desk, sql, values, options);
  const select = { ...understood, sql, values };
  return await passing(server, async (client) => {
    await makeRelations(reading, client, select.relations, { stored: false });
    const isKept = await keepRows(reading, client, select, waiting);
    const relations: readonly Relation[] = isKept ? [] : select.relations;
    return await atDesk(desk, client, { relations }, async (connection) => {
      if (!isKept) return await copyToFile(connection, bare(sql), target, values);
      const shape = new Map(select.columns.map(({ name, type }) => [name, type]));
      await connection.run(emptyTable('staging.exported', shape));
      const rows = { select: `select * from ${waiting}`, shape, file: desk.scratch() };
      await fetchRows(client, rows, connection, 'staging.exported');
      return await copyToFile(connection, 'select * from staging.exported', target);
    });
  });
}

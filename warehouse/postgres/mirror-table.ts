import { engineType, tableName } from '../duckdb/sql-text.ts';
import { mirrorTable as mirrorAtDesk } from '../duckdb/mirror-table.ts';
import type { MirrorColumn } from '../port.ts';
import { createTable, nameTypes, noteLayout } from './catalog-tables.ts';
import { attachWork, type Desk } from './desk.ts';
import { sendRows } from './exchange.ts';
import type { Server } from './server.ts';

/** Replaces `meta.<name>` by rows taken from the control store, in one transaction. Times come as ISO text. */
export async function mirrorTable(
  server: Server,
  desk: Desk,
  name: string,
  columns: readonly MirrorColumn[],
  rows: readonly (readonly (string | number | null)[])[],
): Promise<void> {
  const key = `meta.${name}`;
  const shape = new Map(columns.map((column) => [column.name, engineType(column.type)]));
  await desk.engine.use(async (connection) => {
    const { detach } = await attachWork(desk.engine, connection, 0);
    try {
      await mirrorAtDesk(connection, name, columns, rows);
      await server.transaction(async (client) => {
        await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
          `phusa.${key}`,
        ]);
        const before = await desk.shapeOf(client, key);
        const isSame = JSON.stringify([...(before ?? [])]) === JSON.stringify([...shape]);
        if (isSame) await client.query(`delete from ${tableName(key)}`);
        else {
          await client.query(`drop table if exists ${tableName(key)};
            ${createTable(tableName(key), shape)}`);
          await nameTypes(client, key, shape);
        }
        const select = `select * from ${tableName(key)}`;
        await sendRows(connection, { select, shape, file: desk.scratch() }, client, tableName(key));
        if (!isSame) await noteLayout(client);
      });
    } finally {
      await detach();
    }
  });
}

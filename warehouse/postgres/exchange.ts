import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { literal, quoted } from '../../core/sql-text.ts';
import { columnList } from '../duckdb/sql-text.ts';
import { isInstant, serverType, type Shape } from './column-types.ts';
import type { Client } from './server.ts';

/**
 * Rows travel between DuckDB and the server as CSV with NULL as `\N` and all text in quotes, so that an empty text, a
 * NULL and the text `\N` stay three things. Instants travel in UTC: no session's zone has a say in them.
 */
const asCsv = `format csv, header false, delimiter ',', quote '"', escape '"'`;

/** Bytes of the longest line, and of the buffer it is read into: a record may carry its own original text. */
const longestLine = 16 * 1024 * 1024;

/** Sends the rows of a SELECT of DuckDB's to a table of the server. Gives how many arrived. */
export async function sendRows(
  connection: DuckDBConnection,
  {
    select,
    shape,
    file,
  }: { readonly select: string; readonly shape: Shape; readonly file: string },
  client: Client,
  table: string,
): Promise<number> {
  const names = [...shape.keys()];
  const columns = [...shape].map(([name, type]) => outgoing(name, type));
  const texts = names.filter((name) => serverType(shape.get(name) ?? '') === 'text');
  const forced = texts.length === 0 ? '' : `, force_quote (${columnList(texts)})`;
  await connection.run(`copy (select ${columns.join(', ')} from (${select}))
    to ${literal(file)} (${asCsv}, nullstr '\\N'${forced})`);
  try {
    const arriving = client.query(
      copyFrom(`copy ${table}(${columnList(names)}) from stdin (${asCsv}, null '\\N')`),
    );
    await pipeline(createReadStream(file), arriving);
    return arriving.rowCount;
  } finally {
    await rm(file, { force: true });
  }
}

/** Fetches the rows of a SELECT of the server's into an existing table of DuckDB's. Gives how many arrived. */
export async function fetchRows(
  client: Client,
  {
    select,
    shape,
    file,
  }: { readonly select: string; readonly shape: Shape; readonly file: string },
  connection: DuckDBConnection,
  table: string,
): Promise<number> {
  const names = [...shape.keys()];
  try {
    await writeFile(client, select, shape, file);
    const columns = columnList(names);
    const { rowsChanged } = await connection.run(
      `insert into ${table}(${columns}) select ${columns} from ${reading(shape, file)}`,
    );
    return rowsChanged;
  } finally {
    await rm(file, { force: true });
  }
}

/** Writes the rows of a SELECT of the server's to a file that {@link reading} reads. */
export async function writeFile(
  client: Client,
  select: string,
  shape: Shape,
  file: string,
): Promise<void> {
  const columns = [...shape].map(([name, type]) => outgoing(name, type));
  const texts = [...shape].filter(([, type]) => serverType(type) === 'text').map(([name]) => name);
  const forced = texts.length === 0 ? '' : `, force_quote (${columnList(texts)})`;
  const leaving = client.query(
    copyTo(`copy (select ${columns.join(', ')} from (${select}) t)
      to stdout (${asCsv}, null '\\N'${forced})`),
  );
  await pipeline(leaving, createWriteStream(file));
}

/** The FROM item under which DuckDB reads a file of rows. */
export function reading(shape: Shape, file: string): string {
  const columns = [...shape].map(([name, type]) => `${literal(name)}: ${literal(type)}`);
  return `read_csv(${literal(file)}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
    nullstr = '\\N', allow_quoted_nulls = false, max_line_size = ${longestLine},
    buffer_size = ${2 * longestLine}, new_line = '\\n',
    columns = {${columns.join(', ')}})`;
}

/** A column as it leaves either engine: both understand the same words here. */
function outgoing(name: string, type: string): string {
  const column = quoted(name);
  if (!isInstant(type)) return column;
  return `cast((${column} at time zone 'UTC') as varchar) || '+00' as ${column}`;
}

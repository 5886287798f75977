import type { AppendColumn, AppendValue, DecodeSession } from '../../warehouse/decode-session.ts';
import type { ParsedTask } from './parse-task.ts';
import {
  decodedChildSql,
  decodedInvoiceSql,
  decodedSummarySql,
  emptyDecodedSql,
  foreignDocumentsSql,
} from './decoded-sql.ts';
import { hasRows } from './typed-sql.ts';
import { fileStreams } from './streams.ts';

/** Makes the `decoded_` tables of all file streams from the row files of parsed tasks. */
export async function decodedTables(
  session: DecodeSession,
  parsed: readonly ParsedTask[],
): Promise<void> {
  const made = statements(parsed);
  const empty = fileStreams.filter(({ stream }) => !made.has(stream)).map(emptyDecodedSql);
  for (const sql of [...empty, ...made.values()]) await session.run(sql);
  await writeForeign(session, parsed);
}

/** The statements that are needed, by stream, in order. */
function statements(parsed: readonly ParsedTask[]): ReadonlyMap<string, string> {
  const made = new Map<string, string>();
  if (hasRows('invoice', parsed)) {
    const hasForeign = parsed.some(({ foreign }) => foreign.length > 0);
    made.set('invoice', decodedInvoiceSql(parsed, hasForeign ? 'table' : 'view'));
    for (const table of ['line', 'tax_rate', 'original'] as const)
      if (hasRows(table, parsed)) made.set(`invoice_${table}`, decodedChildSql(table, parsed));
  }
  if (hasRows('summary_line', parsed)) made.set('invoice_summary', decodedSummarySql(parsed));
  return made;
}

async function writeForeign(session: DecodeSession, parsed: readonly ParsedTask[]): Promise<void> {
  const foreign = parsed.flatMap(({ file, foreign: some }) =>
    some.map((document) => ({ ...document, file: file.n })),
  );
  if (foreign.length === 0) return;
  await write(session, 'einvoice_foreign', [
    ['file', 'integer', foreign.map(({ file }) => file)],
    ['name', 'varchar', foreign.map(({ name }) => name)],
    ['root', 'varchar', foreign.map(({ root }) => root)],
  ]);
  await session.run(foreignDocumentsSql);
}

async function write(
  session: DecodeSession,
  table: string,
  columns: readonly (readonly [string, AppendColumn['type'], readonly AppendValue[]])[],
): Promise<void> {
  const appender = await session.appendTo(
    table,
    columns.map(([name, type]) => ({ name, type })),
  );
  await appender.append(columns.map(([, , values]) => values));
  await appender.close();
}

import type { AppendColumn, AppendValue, DecodeSession } from '../../warehouse/decode-session.ts';
import type { ParsedTask } from './parse-task.ts';
import type { RowFiles } from './decoded-sql.ts';
import {
  decodedChildSql,
  decodedInvoiceSql,
  decodedSummarySql,
  emptyDecodedSql,
  foreignDocumentsSql,
  typedInvoiceSql,
} from './decoded-sql.ts';
import type { RowCounts } from './row-writer.ts';
import { rowFile } from './row-writer.ts';
import { fileStreams } from './streams.ts';
import type { PackedTable } from './tables.ts';
import { packedTables } from './tables.ts';

/** Makes the `decoded_` tables of all file streams from the row files of parsed tasks. */
export async function decodedTables(
  session: DecodeSession,
  parsed: readonly ParsedTask[],
): Promise<void> {
  await writeTasks(session, parsed);
  const files = filesOf(parsed);
  const made = statements(files);
  const empty = fileStreams.filter(({ stream }) => !made.has(stream)).map(emptyDecodedSql);
  for (const sql of [...empty, ...made.values()]) await session.run(sql);
  for (const { stream, parent } of fileStreams)
    if (parent !== undefined) await session.run(`alter table decoded_${stream} drop _parent`);
  await writeForeign(session, parsed);
}

/** The statements that are needed, by stream, in order. */
function statements(files: RowFiles): ReadonlyMap<string, string> {
  const made = new Map<string, string>();
  if (files.invoice.length > 0) {
    made.set('', typedInvoiceSql(files));
    for (const table of ['line', 'tax_rate', 'original'] as const)
      if (files[table].length > 0) made.set(`invoice_${table}`, decodedChildSql(table, files));
    made.set('invoice', decodedInvoiceSql(files));
  }
  if (files.summary_line.length > 0) made.set('invoice_summary', decodedSummarySql(files));
  return made;
}

function filesOf(parsed: readonly ParsedTask[]): RowFiles {
  const of = (table: PackedTable): readonly string[] =>
    parsed.filter(({ rows }) => rows[table] > 0).map(({ task }) => rowFile(task.rows, table));
  return {
    invoice: of('invoice'),
    line: of('line'),
    tax_rate: of('tax_rate'),
    fee: of('fee'),
    original: of('original'),
    summary: of('summary'),
    summary_line: of('summary_line'),
  };
}

/** `einvoice_task`: the file of each task, its publishing time, and how many rows of that file come before. */
async function writeTasks(session: DecodeSession, parsed: readonly ParsedTask[]): Promise<void> {
  await write(session, 'einvoice_task_text', [
    ['task', 'integer', parsed.map(({ task }) => task.task)],
    ['file', 'integer', parsed.map(({ file }) => file.n)],
    ['published_text', 'varchar', parsed.map(({ file }) => publishedAt(file))],
    ...packedTables.map(
      (table) => [`${table}_before`, 'bigint', rowsBefore(parsed, table)] as const,
    ),
  ]);
  await session.run(`create temp table einvoice_task as
select *, published_text::timestamptz as published from einvoice_task_text`);
}

function rowsBefore(parsed: readonly ParsedTask[], table: keyof RowCounts): readonly bigint[] {
  let before = 0;
  return parsed.map(({ file, rows }, at) => {
    if (parsed[at - 1]?.file !== file) before = 0;
    before += rows[table];
    return BigInt(before - rows[table]);
  });
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

/** The source's own time of a file, as reading noted it in the receipt's request. */
function publishedAt({ request }: ParsedTask['file']): string | null {
  const at = request?.['publishedAt'];
  return typeof at === 'string' ? at : null;
}

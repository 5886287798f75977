import { openSync, closeSync, readSync } from 'node:fs';
import type {
  AppendColumn,
  AppendValue,
  ColumnAppender,
  DecodeSession,
  LandedFile,
} from '../../warehouse/decode-session.ts';
import { listZip } from '../decode/zip-reader.ts';
import type { ZipMember } from '../decode/zip-reader.ts';
import {
  decodedInvoiceSql,
  decodedLineSql,
  decodedOriginalSql,
  decodedSummarySql,
  decodedTaxRateSql,
  invoiceSumsSql,
} from './decoded-sql.ts';
import { einvoiceError } from './einvoice-trouble.ts';
import type { ForeignDocument, ParseOutput, ParseTask } from './parse-task.ts';
import type { Parsers } from './parser-pool.ts';
import { ownThread } from './parser-pool.ts';
import { packedTables } from './tables.ts';
import { typedTableSql } from './typed-sql.ts';

/** Bytes below which starting threads costs more than it saves. */
const threadsFrom = 1 << 16;
/** Uncompressed bytes given to one parser at a time. */
const taskBytes = 1 << 20;

/**
 * Decodes files of invoices: XML documents, or zips of them. Parses on `parsers`, brings packed rows to DuckDB and
 * lets it split, type and check them. Leaves the `decoded_` tables of all file streams.
 * Throws `data` errors for a file that cannot be read as a whole.
 */
export async function decodeFiles(session: DecodeSession, parsers: Parsers): Promise<void> {
  const sink = await ChunkSink.open(session);
  for (const file of session.files) await parseFile(file, sink, parsers);
  await sink.close();
  if (sink.records === 0 && sink.foreign.length > 0)
    throw einvoiceError(
      'einvoice-no-invoices',
      sink.foreign
        .slice(0, 3)
        .map(({ name, root }) => `${name} (${root})`)
        .join(', '),
      { file: session.files[0]?.name ?? '' },
    );
  for (const sql of [...packedTables.map(typedTableSql), ...decodedTablesSql])
    await session.run(sql);
  if (sink.unknown.size > 0)
    session.log.info('einvoice.unknown-elements', Object.fromEntries(sink.unknown));
}

const decodedTablesSql: readonly string[] = [
  invoiceSumsSql,
  decodedInvoiceSql,
  decodedLineSql,
  decodedTaxRateSql,
  decodedOriginalSql,
  decodedSummarySql,
];

async function parseFile(file: LandedFile, sink: ChunkSink, parsers: Parsers): Promise<void> {
  const tasks = await tasksOf(file);
  const chosen = file.bytes < threadsFrom ? ownThread : parsers;
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < tasks.length; at = next++) {
      const task = tasks[at];
      let part = 0;
      if (task) await chosen.run(task, (output) => sink.take(file.n, at, part++, output));
    }
  };
  await settled(Array.from({ length: chosen.width }, work));
}

/** Waits for all, then throws the first error: nothing may still append when the session ends. */
async function settled(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work))
    if (result.status === 'rejected') throw result.reason;
}

async function tasksOf(file: LandedFile): Promise<readonly ParseTask[]> {
  const { path, name } = file;
  if (!isZip(path)) return [{ path, file: name, members: undefined }];
  const groups: ZipMember[][] = [];
  let bytes = Infinity;
  for (const member of await listZip(path, name)) {
    if (bytes > taskBytes) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(member);
    bytes += member.bytes;
  }
  return groups.map((members) => ({ path, file: name, members }));
}

function isZip(path: string): boolean {
  const start = Buffer.alloc(4);
  const fd = openSync(path, 'r');
  try {
    readSync(fd, start, 0, 4, 0);
  } finally {
    closeSync(fd);
  }
  const mark = start.readUInt32BE(0);
  return mark === 0x504b0304 || mark === 0x504b0506;
}

const chunkColumns: readonly AppendColumn[] = [
  { name: 'file', type: 'integer' },
  { name: 'seq', type: 'bigint' },
  ...packedTables.flatMap((table): AppendColumn[] => [
    { name: `${table}_rows`, type: 'bigint' },
    { name: `${table}_text`, type: 'varchar' },
  ]),
];

/** Chunks of one task. */
const partsOfTask = 1_000_000n;

/** Brings parsed chunks into the session, one append at a time. */
class ChunkSink {
  readonly #chunks: ColumnAppender;
  readonly #session: DecodeSession;
  readonly foreign: (ForeignDocument & { readonly file: number })[] = [];
  readonly unknown = new Map<string, number>();
  records = 0;
  #last: Promise<void> = Promise.resolve();

  static async open(session: DecodeSession): Promise<ChunkSink> {
    return new ChunkSink(session, await session.appendTo('einvoice_chunk', chunkColumns));
  }

  private constructor(session: DecodeSession, chunks: ColumnAppender) {
    this.#session = session;
    this.#chunks = chunks;
  }

  take(file: number, task: number, part: number, output: ParseOutput): Promise<void> {
    for (const document of output.foreign) this.foreign.push({ ...document, file });
    for (const [path, count] of Object.entries(output.unknown))
      this.unknown.set(path, (this.unknown.get(path) ?? 0) + count);
    this.#last = this.#last.then(() => this.#append(file, task, part, output));
    return this.#last;
  }

  async #append(file: number, task: number, part: number, { chunks }: ParseOutput): Promise<void> {
    let seq = BigInt(task) * partsOfTask + BigInt(part) * 1000n;
    for (const chunk of chunks) {
      this.records += chunk.invoice.rows + chunk.summary.rows;
      const row: AppendValue[] = [file, seq++];
      for (const table of packedTables) row.push(BigInt(chunk[table].rows), chunk[table].text);
      await this.#chunks.append(row.map((value) => [value]));
    }
  }

  /** Ends the appending and writes the small tables: files with their publishing time, foreign documents. */
  async close(): Promise<void> {
    await this.#chunks.close();
    const { files } = this.#session;
    await this.#write('einvoice_published', [
      ['file', 'integer', files.map(({ n }) => n)],
      ['published', 'varchar', files.map(publishedAt)],
    ]);
    await this.#write('einvoice_foreign', [
      ['file', 'integer', this.foreign.map(({ file }) => file)],
      ['name', 'varchar', this.foreign.map(({ name }) => name)],
      ['root', 'varchar', this.foreign.map(({ root }) => root)],
    ]);
    await this.#session.run(
      'create temp table einvoice_file as select file, published::timestamptz as published from einvoice_published',
    );
  }

  async #write(
    table: string,
    columns: readonly (readonly [string, AppendColumn['type'], readonly AppendValue[]])[],
  ): Promise<void> {
    const appender = await this.#session.appendTo(
      table,
      columns.map(([name, type]) => ({ name, type })),
    );
    await appender.append(columns.map(([, , values]) => values));
    await appender.close();
  }
}

/** The source's own time of a file, as reading noted it in the receipt's request. */
function publishedAt({ request }: LandedFile): string | null {
  const at = request?.['publishedAt'];
  return typeof at === 'string' ? at : null;
}

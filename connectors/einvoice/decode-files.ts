import { openSync, closeSync, readSync } from 'node:fs';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { listZip } from '../decode/zip-reader.ts';
import type { ZipMember } from '../decode/zip-reader.ts';
import { decodedTables } from './decoded-tables.ts';
import { einvoiceError } from './einvoice-trouble.ts';
import type { ParsedTask, ParseOutput, ParseTask } from './parse-task.ts';
import type { Parsers } from './parser-pool.ts';
import { ownThread } from './parser-pool.ts';
import { hasRows } from './typed-sql.ts';

/** Bytes below which starting threads costs more than it saves. */
const threadsFrom = 1 << 16;
/** Uncompressed bytes given to one parser at a time. */
const taskBytes = 1 << 20;

/**
 * Decodes files of invoices: XML documents, or zips of them. Parses on `parsers` into row files, and lets DuckDB read,
 * type and check them. Leaves the `decoded_` tables of all file streams.
 * Throws `data` errors for a file that cannot be read as a whole.
 */
export async function decodeFiles(session: DecodeSession, parsers: Parsers): Promise<void> {
  const parsed = await parseFiles(session, parsers);
  refuseForeignOnly(session, parsed);
  await decodedTables(session, parsed);
  const unknown = new Map<string, number>();
  for (const [path, count] of parsed.flatMap((task) => [...task.unknown]))
    unknown.set(path, (unknown.get(path) ?? 0) + count);
  if (unknown.size > 0) session.log.info('einvoice.unknown-elements', Object.fromEntries(unknown));
}

function refuseForeignOnly(session: DecodeSession, parsed: readonly ParsedTask[]): void {
  const foreign = parsed.flatMap((task) => task.foreign);
  if (foreign.length === 0 || hasRows('invoice', parsed) || hasRows('summary', parsed)) return;
  const some = foreign.slice(0, 3).map(({ name, root }) => `${name} (${root})`);
  throw einvoiceError('einvoice-no-invoices', some.join(', '), {
    file: session.files[0]?.name ?? '',
  });
}

/** Parses the files, several at once, into row files; gives them in the order of the files. */
async function parseFiles(
  session: DecodeSession,
  parsers: Parsers,
): Promise<readonly ParsedTask[]> {
  const bytes = session.files.reduce((sum, file) => sum + file.bytes, 0);
  const chosen = bytes < threadsFrom ? ownThread : parsers;
  const planned: Omit<ParsedTask, keyof ParseOutput>[] = [];
  for (const file of session.files)
    for (const members of await tasksOf(file)) {
      const task = planned.length;
      const rows = session.scratch(`einvoice-${task}`);
      planned.push({ task: { task, path: file.path, file: file.name, members, rows }, file });
    }
  const parsed: ParsedTask[] = [];
  const left = planned.values();
  const work = async (): Promise<void> => {
    for (const one of left) parsed[one.task.task] = { ...one, ...(await chosen.run(one.task)) };
  };
  await settled(Array.from({ length: chosen.width }, work));
  return parsed;
}

/** Waits for all, then throws the first error: nothing may still write when the session ends. */
async function settled(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work))
    if (result.status === 'rejected') throw result.reason;
}

async function tasksOf({ path, name }: LandedFile): Promise<readonly ParseTask['members'][]> {
  if (!isZip(path)) return [undefined];
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
  return groups;
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

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
export const threadsFrom = 1 << 16;
/** Uncompressed bytes given to one parser at a time, at least. */
const taskBytes = 1 << 20;
/** Tasks of a session that has many bytes: enough to keep all parsers busy, each with row files of its own. */
const usualTasks = 16;

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
  const listed = await Promise.all(session.files.map(membersOf));
  const unpacked = listed.flat().reduce((sum, member) => sum + (member?.bytes ?? 0), 0);
  const each = Math.max(taskBytes, unpacked / usualTasks);
  for (const [index, file] of session.files.entries())
    for (const members of tasksOf(listed[index] ?? [], each)) {
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

/** The members of an archive; one that is undefined stands for a file that is none. */
async function membersOf({ path, name }: LandedFile): Promise<readonly (ZipMember | undefined)[]> {
  return isZip(path) ? await listZip(path, name) : [undefined];
}

function tasksOf(
  members: readonly (ZipMember | undefined)[],
  each: number,
): readonly ParseTask['members'][] {
  const groups: ZipMember[][] = [];
  let bytes = Infinity;
  for (const member of members) {
    if (member === undefined) return [undefined];
    if (bytes > each) {
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

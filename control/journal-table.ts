import type { Knex } from 'knex';
import { canonicalJson, type JsonObject } from '../core/json.ts';
import { PhusaError } from '../core/errors.ts';
import { isJournalKind } from './fold.ts';
import { parseObject } from './stored-json.ts';
import { entryHash, nextInstant, type JournalHead, type StoredEntry } from './journal-entry.ts';
import type { JournalEntry, JournalFilter, JournalKind, NewEntry } from './port.ts';

/** Rows fetched at a time when the journal is streamed. */
const pageSize = 1_000;

/** PostgreSQL gives big integers as text. */
type RawEntry = Omit<StoredEntry, 'seq'> & { readonly seq: number | string };
type RawHead = Omit<JournalHead, 'seq'> & { readonly id: number; readonly seq: number | string };

/**
 * Takes the right to append, until the transaction ends, and says after which entry. The lock is the row of the head
 * itself: on SQLite a first statement that writes takes the write lock, on PostgreSQL it locks the row.
 */
export async function lockHead(tx: Knex): Promise<JournalHead> {
  const rows = await tx<RawHead>('journal_head')
    .where('id', 1)
    .update({ seq: tx.raw('seq') })
    .returning(['seq', 'at', 'hash']);
  return headOf(rows[0]);
}

/** The head as last committed. */
export async function readHead(db: Knex): Promise<JournalHead> {
  return headOf(await db<RawHead>('journal_head').where({ id: 1 }).first());
}

/** Moves the head to the last entry of a transaction. */
export async function writeHead(tx: Knex, head: JournalHead): Promise<void> {
  const { seq, at, hash } = head;
  await tx('journal_head').where({ id: 1 }).update({ seq, at, hash });
}

/**
 * Appends an entry after `head`. Throws fatal `journal-entry-invalid` on an unknown kind, or on data or a name that is
 * no JSON or holds the NUL character (PostgreSQL cannot keep it).
 */
export async function appendEntry(
  tx: Knex,
  head: JournalHead,
  entry: NewEntry,
  now: Date,
): Promise<JournalEntry> {
  refuseInvalid(entry);
  const { kind, subject, actor } = entry;
  const unhashed = {
    seq: head.seq + 1,
    at: nextInstant(now, head.at),
    kind,
    subject,
    actor,
    data: canonicalJson(entry.data),
    previous: head.hash,
  };
  const stored = { ...unhashed, hash: entryHash(unhashed) };
  await tx('journal').insert(stored);
  return { ...stored, kind, data: parseData(stored.data, entry) };
}

/** Streams entries in order, a page at a time. */
export async function* streamJournal(
  db: Knex,
  filter: JournalFilter,
): AsyncGenerator<JournalEntry, void> {
  let after = (filter.from ?? 1) - 1;
  for (;;) {
    const rows = await entriesAfter(db, after, filter);
    for (const row of rows) yield publicEntry(row);
    after = rows.at(-1)?.seq ?? after;
    if (rows.length < pageSize) return;
  }
}

/** The next page of entries in order of seq. */
export async function entriesAfter(
  db: Knex,
  seq: number,
  filter: JournalFilter = {},
): Promise<readonly StoredEntry[]> {
  const select = db<RawEntry>('journal').where('seq', '>', seq).orderBy('seq').limit(pageSize);
  if (filter.kinds) void select.whereIn('kind', [...filter.kinds]);
  if (filter.subject !== undefined) void select.where({ subject: filter.subject });
  if (filter.to !== undefined) void select.where('seq', '<=', filter.to);
  if (filter.until !== undefined)
    void select.where('at', '<=', new Date(filter.until).toISOString());
  return (await select).map(storedEntry);
}

/** The next page of entries in order of subject, then seq. */
export async function entriesAfterSubject(
  db: Knex,
  after: { readonly subject: string; readonly seq: number },
): Promise<readonly StoredEntry[]> {
  const rows = await db<RawEntry>('journal')
    .whereRaw('(subject, seq) > (?, ?)', [after.subject, after.seq])
    .orderBy(['subject', 'seq'])
    .limit(pageSize);
  return rows.map(storedEntry);
}

function headOf(row: Omit<RawHead, 'id'> | undefined): JournalHead {
  if (row) return { seq: Number(row.seq), at: row.at, hash: row.hash };
  throw new PhusaError({
    group: 'fatal',
    code: 'journal-head-missing',
    message: {
      vi: 'Kho điều khiển mất bản ghi đầu chuỗi nhật ký.',
      en: 'The control store has lost the head of its journal.',
    },
    remedy: {
      vi: 'Khôi phục từ bản sao lưu: phusa restore.',
      en: 'Restore from a backup: phusa restore.',
    },
  });
}

function storedEntry(row: RawEntry): StoredEntry {
  return { ...row, seq: Number(row.seq) };
}

function publicEntry(row: StoredEntry): JournalEntry {
  const { seq, at, kind, subject, actor, previous, hash } = row;
  const data = parseObject(row.data);
  if (isKnown(kind)) return { seq, at, kind, subject, actor, data, previous, hash };
  throw invalid(kind, subject);
}

function isKnown(kind: string): kind is JournalKind {
  return isJournalKind(kind);
}

function refuseInvalid(entry: NewEntry): void {
  const names = entry.subject + entry.actor + entry.kind;
  if (!isKnown(entry.kind) || entry.subject === '' || names.includes('\0'))
    throw invalid(entry.kind, entry.subject);
}

function parseData(text: string, entry: NewEntry): JsonObject {
  try {
    return parseObject(text);
  } catch (cause) {
    throw invalid(entry.kind, entry.subject, cause);
  }
}

function invalid(kind: string, subject: string, cause?: unknown): PhusaError {
  const what = `${JSON.stringify(kind)} (${JSON.stringify(subject)})`;
  return new PhusaError({
    group: 'fatal',
    code: 'journal-entry-invalid',
    message: {
      vi: `Bản ghi nhật ký không hợp lệ: ${what}.`,
      en: `Not a valid journal entry: ${what}.`,
    },
    remedy: {
      vi: 'Loại bản ghi có dạng <trạng thái>.<động từ>; dữ liệu là JSON, không có ký tự NUL trong tên.',
      en: 'A kind is <state>.<verb>; data is JSON; names hold no NUL character.',
    },
    cause,
  });
}

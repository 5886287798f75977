import type { Knex } from 'knex';
import type { JsonObject } from '../core/json.ts';
import { canonicalJson } from '../core/json.ts';
import { isSqlite } from './libsql-client.ts';
import { parseObject } from './stored-json.ts';
import type { FoldedRow } from './fold.ts';
import { indexedMembers, isIndexed } from './indexed-members.ts';
import type { ListQuery, StateKind, StatePage, StateRow } from './port.ts';

/** A state row as it lies in the table; PostgreSQL gives big integers as text. */
export interface StoredState {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly data: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_seq: number | string;
  readonly seq: number | string;
}

const defaultLimit = 100;
const largestLimit = 10_000;

/** Reads one row. */
export async function readState(
  db: Knex,
  kind: StateKind,
  id: string,
): Promise<FoldedRow | undefined> {
  const stored = await db<StoredState>('state').where({ id, kind }).first();
  return stored && foldedRow(stored, kind);
}

/** Writes a row over what is there. */
export async function writeState(db: Knex, row: FoldedRow): Promise<void> {
  await db('state').insert(storedState(row)).onConflict(['id', 'kind']).merge();
}

/** Reads a page; see {@link ListQuery}. Without a limit 100 rows, never more than 10,000. */
export async function listStates(db: Knex, kind: StateKind, query: ListQuery): Promise<StatePage> {
  const limit = Math.min(query.limit ?? defaultLimit, largestLimit);
  const oldest = query.order === 'oldest';
  const select = db<StoredState>('state')
    .where({ kind })
    .orderBy('created_seq', oldest ? 'asc' : 'desc')
    .limit(limit + 1);
  if (query.status) void select.whereIn('status', [...query.status]);
  if (query.after !== undefined)
    void select.where('created_seq', oldest ? '>' : '<', Number(query.after));
  for (const [member, value] of Object.entries(query.where ?? {}))
    whereMember(db, select, member, value);
  return pageOf(await select, kind, limit);
}

/** The values under which a row is found by its indexed members. */
export function memberColumns(data: JsonObject): Record<string, string | null> {
  return Object.fromEntries(
    indexedMembers.map((member) => {
      const value = data[member];
      return [`member_${member}`, typeof value === 'string' ? value : null];
    }),
  );
}

/** The row as the port shows it. */
export function publicRow(row: FoldedRow): StateRow {
  const { id, status, data, createdAt, updatedAt, seq } = row;
  return { id, status, data, createdAt, updatedAt, seq };
}

/** The row as the table keeps it. */
export function storedState(row: FoldedRow): StoredState & Record<string, string | number | null> {
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    data: canonicalJson(row.data),
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    created_seq: row.createdSeq,
    seq: row.seq,
    ...memberColumns(row.data),
  };
}

function foldedRow(stored: StoredState, kind: StateKind): FoldedRow {
  const data = parseObject(stored.data);
  return {
    kind,
    id: stored.id,
    status: stored.status,
    data,
    createdAt: stored.created_at,
    updatedAt: stored.updated_at,
    createdSeq: Number(stored.created_seq),
    seq: Number(stored.seq),
  };
}

function pageOf(stored: readonly StoredState[], kind: StateKind, limit: number): StatePage {
  const rows = stored.slice(0, limit).map((row) => foldedRow(row, kind));
  const last = stored.length > limit ? rows.at(-1) : undefined;
  return { rows: rows.map(publicRow), next: last && String(last.createdSeq) };
}

/** An indexed member is a column; any other is looked up in the JSON text, where only texts compare equal. */
function whereMember(db: Knex, select: Knex.QueryBuilder, member: string, value: string): void {
  if (isIndexed(member)) void select.where(`member_${member}`, value);
  else if (!isSqlite(db)) void select.whereRaw(`data::json ->> ?::text = ?`, [member, value]);
  else void select.whereRaw(`json_extract(data, ?) = ?`, [`$.${JSON.stringify(member)}`, value]);
}

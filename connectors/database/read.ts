import { z } from 'zod';
import type { Knex } from 'knex';
import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import type { DatabaseConfig, DatabaseStream } from './config.ts';
import type { TextRow } from './dialect.ts';
import { withSession, type DatabaseSession } from './session.ts';

/** Rows of a test read. */
const sampleRows = 500;

const cursorShape = z.record(z.string(), z.string());

/**
 * Reads every stream on one connection and from one moment: those with a cursor from where they got to, less their
 * look-back, the others whole. Rows are counted in the same snapshot, so that none can be lost on the way.
 */
export async function* readDatabase(
  context: ReadContext<DatabaseConfig>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  yield* withSession(context, (session) => readStreams(context, session, request));
}

async function* readStreams(
  context: ReadContext<DatabaseConfig>,
  session: DatabaseSession,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const { streams } = context.config;
  let cursor = cursorOf(request.cursor);
  const done = Number(request.position ?? 0);
  for (const [n, stream] of streams.entries()) {
    if (n < done || request.streams?.includes(stream.stream) === false) continue;
    context.signal.throwIfAborted();
    const window = windowOf(stream, cursor[stream.stream], request);
    const reached = await reachedBy(session, stream, window);
    const batch = await readStream(context, session, stream, window, request);
    if (reached !== undefined && !window.isBounded)
      cursor = { ...cursor, [stream.stream]: reached };
    yield { ...batch, cursor, position: n + 1 };
  }
}

/** From where on a stream is read; a bounded window was asked for by a person and moves no cursor. */
interface Window {
  readonly key: string;
  readonly since: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly isBounded: boolean;
}

function windowOf(
  { stream, cursor }: DatabaseStream,
  reached: string | undefined,
  { from, to, full }: ReadRequest,
): Window {
  const days = cursor?.kind === 'time' && (from !== undefined || to !== undefined);
  const since = cursor === undefined || full || days ? undefined : reached;
  const key = days ? `${stream}@${from ?? ''}..${to ?? ''}` : `${stream}@${since ?? ''}`;
  return {
    key: since === undefined && !days ? stream : key,
    since,
    from: days ? from : undefined,
    to: days ? to : undefined,
    isBounded: days,
  };
}

async function readStream(
  context: ReadContext<DatabaseConfig>,
  session: DatabaseSession,
  stream: DatabaseStream,
  window: Window,
  { sample }: ReadRequest,
): Promise<Omit<ReadBatch, 'cursor' | 'position'>> {
  const { rowsPerFile } = context.config;
  const from = rowsFrom(session, stream, window);
  const count = sample ? undefined : await counted(session, from);
  const select = sample ? from.clone().limit(sampleRows) : from;
  const rows = session.stream(select)[Symbol.asyncIterator]();
  const batch = await context.openBatch(window.key);
  const state: RowState = { rows, next: await rows.next() };
  for (let file = 1; file === 1 || state.next.done !== true; file += 1) {
    context.signal.throwIfAborted();
    await batch.land({
      name: `${stream.stream}-${String(file).padStart(4, '0')}.ndjson`,
      bytes: lines(state, rowsPerFile),
      mediaType: 'application/x-ndjson',
      request: {
        stream: stream.stream,
        table: stream.table ?? '(query)',
        server: session.version,
        ...(window.since === undefined ? {} : { since: window.since }),
      },
    });
  }
  return {
    batch: batch.id,
    key: window.key,
    streams: [stream.stream],
    completeness: {
      proof: 'total',
      ...(count === undefined ? {} : { declared: { [stream.stream]: count } }),
      ...(stream.deletes === 'absence' && !sample ? { covers: [stream.stream] } : {}),
      emptyExpected: window.since !== undefined,
    },
  };
}

/** The SELECT of a stream in a window, without an order: all of it is one batch. */
function rowsFrom(session: DatabaseSession, stream: DatabaseStream, window: Window) {
  const { knex, dialect } = session;
  const select = knex
    .select(stream.columns.map(({ name, from = name }) => knex.ref(from).as(name)))
    .from(relation(knex, stream));
  const { cursor } = stream;
  if (cursor === undefined) return select;
  const column = sourceColumn(stream, cursor.column);
  if (window.since !== undefined) {
    const bindings = [column, window.since];
    // a row whose cursor is empty can be seen in no other way (B07)
    void select.where((any) => {
      void any.whereRaw(dialect.since(cursor), bindings).orWhereNull(column);
    });
  }
  if (window.from !== undefined) void select.where(column, '>=', window.from);
  if (window.to !== undefined) void select.where(column, '<', dayAfter(window.to));
  return select;
}

/** A table, or the declared query as one; a question mark in it is an operator, not a binding. */
function relation(knex: Knex, { table, query = '' }: DatabaseStream) {
  return table ?? knex.raw(`(${query.replaceAll('?', String.raw`\?`)}) as declared_query`);
}

function sourceColumn({ columns }: DatabaseStream, name: string): string {
  return columns.find((column) => column.name === name)?.from ?? name;
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

async function counted(session: DatabaseSession, select: Knex.QueryBuilder): Promise<number> {
  const [row] = await session.rows(
    session.knex.from(select.clone().as('counted')).count({ n: '*' }),
  );
  return Number(row?.['n'] ?? Number.NaN);
}

/** Where a stream's cursor gets to in this snapshot; never ahead of the clock, never back. */
async function reachedBy(
  session: DatabaseSession,
  stream: DatabaseStream,
  { since }: Window,
): Promise<string | undefined> {
  const { knex, dialect } = session;
  if (stream.cursor === undefined) return undefined;
  const column = sourceColumn(stream, stream.cursor.column);
  const [row] = await session.rows(
    knex
      .select({ n: knex.raw(dialect.reached(stream.cursor), [column]) })
      .from(relation(knex, stream)),
  );
  return row?.['n'] ?? since;
}

function cursorOf(cursor: ReadRequest['cursor']): Readonly<Record<string, string>> {
  return cursorShape.safeParse(cursor).data ?? {};
}

interface RowState {
  readonly rows: AsyncIterator<TextRow>;
  next: IteratorResult<TextRow>;
}

/** The next rows as lines, at most so many; values are texts, so that no number passes through a float. */
async function* lines(state: RowState, most: number): AsyncGenerator<Uint8Array> {
  let piece = '';
  for (let n = 0; n < most && state.next.done !== true; n += 1) {
    piece += `${JSON.stringify(state.next.value)}\n`;
    if (piece.length > 65_536) {
      yield Buffer.from(piece);
      piece = '';
    }
    state.next = await state.rows.next();
  }
  yield Buffer.from(piece);
}

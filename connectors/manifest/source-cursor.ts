import { z } from 'zod';
import type { Failure } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';

const streamCursor = z.object({
  /** Time up to which the stream is read. */
  at: z.string().exactOptional(),
  /** Number or token from which the source goes on. */
  value: z.union([z.string(), z.number()]).exactOptional(),
  /** Records to be asked for again. */
  open: z.array(z.string()).exactOptional(),
  /** Those of them that this run has not seen yet. */
  waiting: z.array(z.string()).exactOptional(),
});

const localized = z.object({ vi: z.string(), en: z.string() });
const text = z.string().exactOptional();
const number = z.number().exactOptional();

const failure = z.object({
  group: z.enum(['fatal', 'retriable', 'skippable', 'data']),
  code: z.string(),
  message: localized,
  remedy: localized.exactOptional(),
  place: z
    .object({
      source: text,
      stream: text,
      batch: text,
      file: text,
      sheet: text,
      line: number,
      column: number,
      row: number,
      field: text,
      value: text,
    })
    .exactOptional(),
}) satisfies z.ZodType<Failure>;

const positionShape = z.object({
  stream: z.int(),
  /** Instant up to which the stream is read in this run (milliseconds). */
  at: z.number().nullable(),
  cursor: z.record(z.string(), streamCursor),
  failed: z.array(failure),
});

/** How far one stream is. */
export type StreamCursor = z.infer<typeof streamCursor>;

/** How far every stream is. */
export type SourceCursor = Readonly<Record<string, StreamCursor>>;

/** Where a run is. */
export interface RunPosition {
  readonly stream: number;
  readonly at: number | null;
  readonly cursor: SourceCursor;
  /** Streams that broke off; told at the end of the run. */
  readonly failed: readonly Failure[];
}

/** Where a run begins: at a position, else at the cursor, else at the start. A cursor of another kind counts as none. */
export function runPosition(cursor: Json | undefined, position: Json | undefined): RunPosition {
  const here = positionShape.safeParse(position);
  if (here.success) return here.data;
  const kept = z.object({ streams: z.record(z.string(), streamCursor) }).safeParse(cursor);
  return { stream: 0, at: null, cursor: kept.success ? kept.data.streams : {}, failed: [] };
}

/** The cursor as the source keeps it. */
export function cursorJson(cursor: SourceCursor): JsonObject {
  return { streams: JSON.parse(JSON.stringify(cursor)) as JsonObject };
}

/** The position as the run keeps it. */
export function positionJson(position: RunPosition): JsonObject {
  return JSON.parse(JSON.stringify(position)) as JsonObject;
}

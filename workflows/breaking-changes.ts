import { z } from 'zod';
import type { Connector } from '../connectors/port.ts';
import type { JsonObject } from '../core/json.ts';
import type { Localized } from '../core/localized.ts';
import type { ColumnType } from '../core/stream-contract.ts';

const shape = z.object({
  streams: z.array(
    z.object({
      stream: z.string(),
      key: z.array(z.string()),
      columns: z.array(z.object({ name: z.string(), type: z.custom<ColumnType>(isText) })),
    }),
  ),
  /** Streams that are read on from a cursor. */
  incremental: z.array(z.string()),
});

/** What readers of a source's tables rely on. */
export type SourceShape = z.infer<typeof shape>;

type ShapeStream = SourceShape['streams'][number];

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

/** What a connector makes of a configuration, for those who read its tables. */
export function shapeOf(connector: Connector, config: JsonObject): SourceShape {
  return {
    streams: connector.streams(config).map(({ stream, key, columns }) => ({
      ...{ stream, key: [...key] },
      columns: columns.map(({ name, type }) => ({ name, type })),
    })),
    incremental: [...(connector.incremental?.(config) ?? [])],
  };
}

/** A shape as it was kept. */
export function readShape(text: string): SourceShape {
  return shape.parse(JSON.parse(text));
}

/**
 * What of a source's shape a later one takes away from those who read its tables: a stream, a part of a key, a column, the
 * wider type of a column, the cursor. Empty where nothing breaks.
 */
export function breakingChanges(before: SourceShape, after: SourceShape): readonly Localized[] {
  const cursors = before.incremental
    .filter(
      (stream) =>
        !after.incremental.includes(stream) && after.streams.some((one) => one.stream === stream),
    )
    .map((stream) => ({
      vi: `luồng ${stream}: bỏ con trỏ (đọc tăng dần)`,
      en: `stream ${stream}: the cursor is removed`,
    }));
  return [...before.streams.flatMap((stream) => streamChanges(stream, after.streams)), ...cursors];
}

function streamChanges(before: ShapeStream, all: readonly ShapeStream[]): readonly Localized[] {
  const { stream } = before;
  const after = all.find((one) => one.stream === stream);
  if (after === undefined) return [{ vi: `bỏ luồng ${stream}`, en: `stream ${stream} is removed` }];
  const key =
    before.key.join() === after.key.join()
      ? []
      : [
          {
            vi: `luồng ${stream}: khóa đổi từ (${before.key.join(', ')}) thành (${after.key.join(', ')})`,
            en: `stream ${stream}: the key changes from (${before.key.join(', ')}) to (${after.key.join(', ')})`,
          },
        ];
  return [...key, ...before.columns.flatMap((column) => columnChanges(stream, column, after))];
}

function columnChanges(
  stream: string,
  { name, type }: ShapeStream['columns'][number],
  { columns }: ShapeStream,
): readonly Localized[] {
  const now = columns.find((column) => column.name === name);
  if (now === undefined)
    return [
      { vi: `luồng ${stream}: bỏ cột ${name}`, en: `stream ${stream}: column ${name} is removed` },
    ];
  if (holds(now.type, type)) return [];
  return [
    {
      vi: `luồng ${stream}: cột ${name} hẹp lại từ ${type} thành ${now.type}`,
      en: `stream ${stream}: column ${name} narrows from ${type} to ${now.type}`,
    },
  ];
}

/** Whether every value of a type fits into another. */
function holds(wide: ColumnType, narrow: ColumnType): boolean {
  if (wide === narrow || wide === 'varchar') return true;
  if (narrow === 'integer' && wide === 'bigint') return true;
  const [one, other] = [digitsOf(wide), digitsOf(narrow)];
  if (!one || !other) return false;
  return one.scale >= other.scale && one.whole >= other.whole;
}

/** Digits before and after the point that a number type holds. */
function digitsOf(
  type: ColumnType,
): { readonly whole: number; readonly scale: number } | undefined {
  if (type === 'integer') return { whole: 10, scale: 0 };
  if (type === 'bigint') return { whole: 19, scale: 0 };
  const match = /^decimal\((\d+),(\d+)\)$/.exec(type);
  if (!match) return undefined;
  const [precision, scale] = [Number(match[1]), Number(match[2])];
  return { whole: precision - scale, scale };
}

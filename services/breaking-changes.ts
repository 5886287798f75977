import type { Connector } from '../connectors/port.ts';
import type { JsonObject } from '../core/json.ts';
import type { Localized } from '../core/localized.ts';
import type { ColumnType, StreamContract } from '../core/stream-contract.ts';

/**
 * What of a source's present version its new one takes away from those who read its tables: a stream, a part of a key, a
 * column, the wider type of a column, the cursor. Empty where nothing breaks.
 */
export function breakingChanges(
  connector: Connector,
  before: JsonObject,
  after: JsonObject,
): readonly Localized[] {
  const [old, now] = [connector.streams(before), connector.streams(after)];
  const reads = connector.incremental?.(after) ?? [];
  const cursors = (connector.incremental?.(before) ?? [])
    .filter((stream) => !reads.includes(stream) && now.some((one) => one.stream === stream))
    .map((stream) => ({
      vi: `luồng ${stream}: bỏ con trỏ (đọc tăng dần)`,
      en: `stream ${stream}: the cursor is removed`,
    }));
  return [...old.flatMap((stream) => streamChanges(stream, now)), ...cursors];
}

function streamChanges(
  before: StreamContract,
  all: readonly StreamContract[],
): readonly Localized[] {
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
  { name, type }: StreamContract['columns'][number],
  { columns }: StreamContract,
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

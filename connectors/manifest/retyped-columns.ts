import type { ColumnDrift } from '../../core/column-drift.ts';
import type { JsonObject } from '../../core/json.ts';
import { literal, quoted } from '../../core/sql-text.ts';
import type { ColumnType } from '../../core/stream-contract.ts';
import type { DecodeSession } from '../../warehouse/decode-session.ts';
import { invalidReason } from '../decode/text-cast.ts';
import { ruleOf, type ReadStream } from './drift.ts';
import { lookAt } from './infer.ts';
import { isMade } from './made-column.ts';

/** Fewer bad values are bad rows, not another type. */
const fewest = 3;

/**
 * Columns most of whose values are not of their type: the source changed the type, or how it is written (B30). Where
 * another spelling of the same type explains all values, that is proposed.
 */
export async function retypedColumns(
  session: DecodeSession,
  { stream, raw }: ReadStream,
): Promise<readonly ColumnDrift[]> {
  const changes: ColumnDrift[] = [];
  const bad = await invalidByColumn(session, stream.stream);
  for (const [n, column] of stream.columns.entries()) {
    const { name, type, from = name } = column;
    const rows = bad.get(`${name} ${invalidReason(type)}`) ?? 0;
    if (rows < fewest || isMade(column)) continue;
    const { filled, writing } = await lookAt(session, { table: raw, as: `c${n}` });
    if (rows * 2 <= filled) continue;
    const [count] = await session.rows(
      `select count(*) as n from ${quoted(raw)} where _malformed is null`,
    );
    changes.push({
      ...{ stream: stream.stream, kind: 'retyped', rule: ruleOf(session, stream, 'retyped') },
      ...{ field: from, column: name, was: null, rows, of: Number(count?.['n'] ?? 0) },
      proposed: sameType(type, writing),
    });
  }
  return changes;
}

async function invalidByColumn(
  session: DecodeSession,
  stream: string,
): Promise<ReadonlyMap<string, number>> {
  const reasons = (['integer', 'decimal(1,0)', 'boolean', 'date', 'timestamptz'] as const).map(
    (type) => literal(invalidReason(type)),
  );
  const rows = await session.rows(`select _field || ' ' || _reason as column, count(*) as n
    from ${quoted(`decoded_${stream}`)}
    where _status = 'quarantined' and _reason in (${reasons.join(', ')}) group by 1`);
  return new Map(rows.map((row) => [row['column'] ?? '', Number(row['n'] ?? 0)]));
}

/** The spelling that explains the values, where it is one of the declared type. */
function sameType(
  declared: ColumnType,
  { type, ...spelling }: { readonly type: ColumnType } & JsonObject,
): JsonObject | null {
  const isNumber = (one: ColumnType) =>
    one.startsWith('decimal') || one === 'integer' || one === 'bigint';
  const isTime = (one: ColumnType) => one.startsWith('timestamp');
  if (Object.keys(spelling).length === 0) return null;
  if (declared === type || (isTime(declared) && isTime(type))) return spelling;
  return isNumber(declared) && isNumber(type) ? spelling : null;
}

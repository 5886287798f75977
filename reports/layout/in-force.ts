import { literal } from '../../core/sql-text.ts';

/** Condition on a dimension with validity dates: in force on a day. */
export function inForceOn(day: string): string {
  const at = `date ${literal(day)}`;
  return `valid_from <= ${at} and coalesce(valid_to, date '9999-12-31') >= ${at}`;
}

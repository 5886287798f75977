import type { SqlValue } from '../port.ts';
import { replaceInCode } from './transpile/sql-code.ts';

/** Bound values as the server reads them. */
export function boundTexts(values: readonly SqlValue[] = []): (string | null)[] {
  return values.map((value) => (value === null ? null : String(value)));
}

/**
 * Says the type of each bound number and truth value: left to itself the server would guess the narrowest. A text takes
 * the type of what it is compared with, as in the other engine.
 */
export function withTypes(sql: string, values: readonly SqlValue[] = []): string {
  return replaceInCode(sql, /\$\d+/g, (place) => {
    const type = typeOf(values[Number(place.slice(1)) - 1]);
    return type === undefined ? place : `cast(${place} as ${type})`;
  });
}

function typeOf(value: SqlValue | undefined): string | undefined {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? 'bigint' : 'numeric';
  if (typeof value === 'number') return Number.isInteger(value) ? 'bigint' : 'double precision';
  return undefined;
}

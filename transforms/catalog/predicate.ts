import { literal } from '../../core/sql-text.ts';

/** `column = 'text'`, or `column is null`. Throws RangeError when the column's name is none. */
export function equalTo(column: string, value: string | boolean | null): string {
  const name = identifier(column);
  return value === null ? `${name} is null` : `${name} = ${literal(String(value))}`;
}

/** `column between 'first' and 'last'`, both included. Throws RangeError when the column's name is none. */
export function within(column: string, first: string, last: string): string {
  return `${identifier(column)} between ${literal(first)} and ${literal(last)}`;
}

/** A column or table part: lower-case names only, so that nothing but a name can stand there. Throws RangeError. */
export function identifier(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new RangeError(`not a column name: ${name}`);
  return name;
}

/** A table `layer.name`. Throws RangeError on anything else. */
export function tableName(key: string): string {
  if (!/^(staging|mart|dim|history)\.[a-z_][a-z0-9_]*$/.test(key)) {
    throw new RangeError(`not a table: ${key}`);
  }
  return key;
}

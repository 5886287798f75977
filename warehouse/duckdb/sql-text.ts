import { literal, quoted } from '../../core/sql-text.ts';
import type { ColumnType } from '../../core/stream-contract.ts';

/** An instant as an SQL literal. */
export function instant(time: Date | string): string {
  return `timestamptz ${literal(typeof time === 'string' ? time : time.toISOString())}`;
}

/** `layer.name` as a quoted table name. */
export function tableName(key: string): string {
  const dot = key.indexOf('.');
  return `${quoted(key.slice(0, dot))}.${quoted(key.slice(dot + 1))}`;
}

/** Quoted columns as a list, each with the prefix `alias.` where one is given. */
export function columnList(names: readonly string[], alias?: string): string {
  return names.map((name) => prefixed(name, alias)).join(', ');
}

/** `a.x = b.x and …` over columns that are never NULL on the right. */
export function equalOn(names: readonly string[], a: string, b: string): string {
  return names.map((name) => `${prefixed(name, a)} = ${prefixed(name, b)}`).join(' and ');
}

/** `a.x is not distinct from b.x and …`; true when there are none. */
export function sameIn(names: readonly string[], a: string, b: string): string {
  const same = names.map((n) => `${prefixed(n, a)} is not distinct from ${prefixed(n, b)}`);
  return same.length === 0 ? 'true' : same.join(' and ');
}

/** The engine's name of a contract type, as it describes columns. */
export function engineType(type: ColumnType): string {
  return type === 'timestamptz' ? 'TIMESTAMP WITH TIME ZONE' : type.toUpperCase();
}

function prefixed(name: string, alias: string | undefined): string {
  return alias === undefined ? quoted(name) : `${alias}.${quoted(name)}`;
}

import type { ColumnType, StreamContract } from '../../core/stream-contract.ts';
import type { ReferenceTable, ReferenceTablesConfig } from './config.ts';

/** The contracts of the declared tables: each file holds its whole table. */
export function streamsOf({ tables }: ReferenceTablesConfig): readonly StreamContract[] {
  return tables.map(contractOf);
}

function contractOf({ stream, label, columns, key }: ReferenceTable): StreamContract {
  return {
    stream,
    layer: 'dim',
    label,
    columns: columns.map(({ name, type, label: own, classification, unit }) => ({
      name,
      type: columnType(type),
      label: own,
      classification,
      ...(unit === undefined ? {} : { unit }),
    })),
    key,
    deletes: 'absence',
  };
}

const plain: Readonly<Record<string, ColumnType>> = {
  varchar: 'varchar',
  bigint: 'bigint',
  integer: 'integer',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
};

/** A type as declared; the configuration's schema has let nothing else through. */
export function columnType(text: string): ColumnType {
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(text) ?? [];
  if (precision !== undefined && scale !== undefined) {
    return `decimal(${Number(precision)},${Number(scale)})`;
  }
  const type = plain[text];
  if (type === undefined) throw new TypeError(`not a column type: ${text}`);
  return type;
}

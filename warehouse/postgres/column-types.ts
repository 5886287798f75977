import { PhusaError } from '../../core/errors.ts';

/** Columns of a table with the types DuckDB gives them, in order. */
export type Shape = ReadonlyMap<string, string>;

/**
 * How the server keeps a type of DuckDB's. Text is ordered by bytes, as DuckDB orders it, whatever the database's own
 * order. A type that is not here cannot be a column of a table, fatal `type-not-portable`.
 */
export function serverType(type: string): string {
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/i.exec(type);
  if (decimal) return `numeric(${decimal[1] ?? ''},${decimal[2] ?? ''})`;
  const known = serverTypes[type.toUpperCase()];
  if (known === undefined) throw notPortable(type);
  return known;
}

/** A column definition's type: the type, and for text the order of bytes. */
export function columnType(type: string): string {
  const known = serverType(type);
  return known === 'text' ? 'text collate "C"' : known;
}

const serverTypes: Readonly<Record<string, string>> = {
  VARCHAR: 'text',
  JSON: 'text',
  BIGINT: 'bigint',
  UINTEGER: 'bigint',
  INTEGER: 'integer',
  SMALLINT: 'integer',
  TINYINT: 'integer',
  UTINYINT: 'integer',
  USMALLINT: 'integer',
  HUGEINT: 'numeric(39,0)',
  UHUGEINT: 'numeric(39,0)',
  UBIGINT: 'numeric(20,0)',
  BOOLEAN: 'boolean',
  DATE: 'date',
  TIME: 'time',
  TIMESTAMP: 'timestamp',
  TIMESTAMPTZ: 'timestamptz',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  DOUBLE: 'double precision',
  FLOAT: 'real',
  UUID: 'uuid',
  INTERVAL: 'interval',
  '"NULL"': 'integer',
};

/** Whether values of the type travel as instants. */
export function isInstant(type: string): boolean {
  return /^TIMESTAMP(TZ| WITH TIME ZONE)$/i.test(type);
}

function notPortable(type: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'type-not-portable',
    message: {
      vi: `Kho PostgreSQL không giữ được cột kiểu ${type}`,
      en: `The PostgreSQL warehouse cannot hold a column of type ${type}`,
    },
    remedy: {
      vi: 'Đổi kiểu trong câu SQL, ví dụ ghép danh sách thành văn bản.',
      en: 'Cast it in the SQL, for example a list to text.',
    },
  });
}

import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  HUGEINT,
  SQLNULL,
  VARCHAR,
  type DuckDBType,
} from '@duckdb/node-api';
import type { SqlValue } from '../port.ts';

/** Values with the types under which they are bound: whole numbers as integers, never as floats. */
export interface BoundValues {
  readonly values: SqlValue[];
  readonly types: DuckDBType[];
}

/** Prepares values for binding. */
export function boundValues(values: readonly SqlValue[] = []): BoundValues {
  const whole = values.map((value) =>
    typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value,
  );
  return { values: whole, types: whole.map(typeOf) };
}

function typeOf(value: SqlValue): DuckDBType {
  if (value === null) return SQLNULL;
  if (typeof value === 'string') return VARCHAR;
  if (typeof value === 'boolean') return BOOLEAN;
  if (typeof value === 'number') return DOUBLE;
  return BigInt.asIntN(64, value) === value ? BIGINT : HUGEINT;
}

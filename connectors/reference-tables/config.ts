import { z } from 'zod';

const localized = z.strictObject({ vi: z.string().min(1), en: z.string().min(1) });
const snake = z.string().regex(/^[a-z][a-z0-9_]*$/);

const columnSchema = z.strictObject({
  name: snake,
  type: z.string().regex(/^(varchar|bigint|integer|boolean|date|timestamp|decimal\(\d+,\d+\))$/),
  label: localized,
  classification: z.enum(['public', 'internal', 'personal', 'sensitive']),
  unit: z.string().exactOptional(),
  /** Header of the column in the file, where it is not its name. */
  header: z.string().exactOptional(),
});

const tableSchema = z.strictObject({
  stream: snake,
  file: z.string().regex(/^[\w.-]+$/),
  label: localized,
  columns: z.array(columnSchema).min(1),
  key: z.array(snake).min(1),
});

/** Which reference tables a source has, and where their CSV files are. */
export const referenceTablesConfig = z.strictObject({
  base: z.string().min(1).meta({ title: 'Thư mục hoặc địa chỉ / Directory or address' }),
  tables: z.array(tableSchema).min(1).meta({ title: 'Các bảng / Tables' }),
  networks: z
    .array(z.string().min(1))
    .default([])
    .meta({ title: 'Mạng nội bộ được phép / Inner networks (CIDR)' }),
});

/** A checked configuration. */
export type ReferenceTablesConfig = z.infer<typeof referenceTablesConfig>;

/** One declared table. */
export type ReferenceTable = ReferenceTablesConfig['tables'][number];

import { z } from 'zod';

const localized = z.strictObject({ vi: z.string().min(1), en: z.string().min(1) });
const word = z.string().regex(/^[a-z][a-z0-9_]*$/, { message: 'snake_case' });

const column = z.strictObject({
  name: word,
  /** Header in the file; the name by default. */
  header: z.string().min(1).exactOptional(),
  type: z
    .templateLiteral([
      z.enum(['varchar', 'bigint', 'integer', 'boolean', 'date', 'timestamp', 'timestamptz']),
    ])
    .or(z.templateLiteral(['decimal(', z.int(), ',', z.int(), ')'])),
  label: localized,
  classification: z.enum(['public', 'internal', 'personal', 'sensitive']).default('public'),
  unit: z.string().exactOptional(),
  formats: z.array(z.string()).exactOptional(),
  required: z.boolean().default(false),
});

const table = z
  .strictObject({
    stream: word,
    file: z.string().min(1),
    label: localized,
    columns: z.array(column).min(1),
    key: z.array(word).min(1),
    delimiter: z.enum([',', ';', '\t']).default(','),
  })
  .refine(({ columns, key }) => key.every((name) => columns.some((c) => c.name === name)), {
    message: 'key phải là tên cột / key must name columns',
    path: ['key'],
  });

/** CSV tables of reference data, each with its contract. */
export const referenceTablesConfig = z.strictObject({
  base: z.string().min(1).meta({
    title: 'Thư mục hoặc địa chỉ / Directory or address',
    description: 'Nơi có các tệp CSV / Where the CSV files are',
  }),
  tables: z.array(table).min(1).meta({ title: 'Các bảng / Tables' }),
  networks: z
    .array(z.string().min(1))
    .default([])
    .meta({ title: 'Mạng nội bộ được phép / Inner networks (CIDR)' }),
});

/** A checked configuration. */
export type ReferenceTablesConfig = z.infer<typeof referenceTablesConfig>;

/** One declared table. */
export type ReferenceTable = ReferenceTablesConfig['tables'][number];

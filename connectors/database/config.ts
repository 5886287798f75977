import { z } from 'zod';
import { isZone } from './zone.ts';

const localized = z.strictObject({ vi: z.string().min(1), en: z.string().min(1) });
const word = z.string().regex(/^[a-z][a-z0-9_]*$/, { message: 'snake_case' });

const column = z.strictObject({
  name: word.meta({ title: 'Tên cột ở đây / Name here' }),
  from: z
    .string()
    .min(1)
    .exactOptional()
    .meta({ title: 'Tên cột ở nguồn, nếu khác / Name in the source, if another' }),
  type: z
    .templateLiteral([
      z.enum(['varchar', 'bigint', 'integer', 'boolean', 'date', 'timestamp', 'timestamptz']),
    ])
    .or(z.templateLiteral(['decimal(', z.int(), ',', z.int(), ')']))
    .default('varchar'),
  label: localized.exactOptional(),
  classification: z.enum(['public', 'internal', 'personal', 'sensitive']).default('internal'),
  unit: z.string().min(1).exactOptional().meta({ title: 'Đơn vị / Unit' }),
});

const cursor = z.strictObject({
  column: word.meta({ title: 'Cột tăng dần / Growing column' }),
  kind: z.enum(['time', 'sequence']),
  lookBack: z
    .int()
    .min(0)
    .default(0)
    .meta({ title: 'Đọc lại (giây, hoặc số) / Look-back (seconds, or numbers)' }),
});

const stream = z
  .strictObject({
    stream: word,
    label: localized,
    table: z
      .string()
      .min(1)
      .exactOptional()
      .meta({ title: 'Bảng / Table', description: 'lược_đồ.bảng / schema.table' }),
    query: z
      .string()
      .regex(/^\s*(select|with)\b/i, { message: 'bắt đầu bằng select / begins with select' })
      .refine((text) => !/;|--|\/\*/.test(text), {
        message: 'một câu, không có ; -- /* / one statement without ; -- /*',
      })
      .exactOptional()
      .meta({ title: 'Hoặc một câu SELECT / Or one SELECT' }),
    key: z.array(word).min(1).meta({ title: 'Khóa / Key' }),
    columns: z.array(column).min(1),
    cursor: cursor.exactOptional(),
    deletes: z.enum(['none', 'absence']).default('none').meta({
      title: 'Dòng bị xóa / Deleted rows',
      description: 'absence: đọc cả bảng mỗi lần và so khóa / reads all rows and compares keys',
    }),
    subject: z.enum(['person', 'enterprise', 'holding']).exactOptional(),
  })
  .refine(({ table, query }) => (table === undefined) !== (query === undefined), {
    message: 'cần table hoặc query / either table or query is needed',
    path: ['table'],
  })
  .refine(({ columns, key }) => key.every((name) => columns.some((one) => one.name === name)), {
    message: 'key phải là tên cột / key must name columns',
    path: ['key'],
  })
  .refine(
    ({ columns, cursor: own }) =>
      own === undefined || columns.some(({ name }) => name === own.column),
    { message: 'cursor.column phải là tên cột / must name a column', path: ['cursor'] },
  )
  .refine(({ cursor: own, deletes }) => own === undefined || deletes === 'none', {
    message: 'so khóa cần đọc cả bảng: bỏ cursor / comparing keys needs all rows: no cursor',
    path: ['deletes'],
  });

/** A database, how it is reached, and what is read from it. */
export const databaseConfig = z
  .strictObject({
    server: z
      .enum(['postgres', 'mysql', 'mssql'])
      .meta({ title: 'Hệ quản trị / Server', description: 'mysql: MySQL, MariaDB' }),
    host: z
      .string()
      .regex(/^[A-Za-z0-9.:_-]+$/, { message: 'tên máy chủ / host name' })
      .meta({ title: 'Máy chủ / Host' }),
    port: z.int().min(1).max(65_535).exactOptional().meta({ title: 'Cổng / Port' }),
    database: z.string().min(1).meta({ title: 'Cơ sở dữ liệu / Database' }),
    user: z.string().min(1).meta({ title: 'Tài khoản chỉ đọc / Read-only account' }),
    tls: z
      .enum(['required', 'off'])
      .default('required')
      .meta({ title: 'TLS', description: 'off: chỉ trong mạng nội bộ / inside only' }),
    certificateAuthority: z
      .string()
      .startsWith('-----BEGIN CERTIFICATE-----')
      .exactOptional()
      .meta({ title: 'CA riêng (PEM) / Private CA (PEM)' }),
    timeZone: z
      .string()
      .refine(isZone, { message: 'múi giờ IANA / IANA zone' })
      .default('Asia/Ho_Chi_Minh')
      .meta({ title: 'Múi giờ của thời điểm không ghi múi / Zone of times without one' }),
    statementSeconds: z
      .int()
      .min(1)
      .max(7_200)
      .default(600)
      .meta({ title: 'Giây cho một câu lệnh / Seconds for one statement' }),
    rowsPerFile: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(100_000)
      .meta({ title: 'Số dòng một tệp / Rows a file' }),
    streams: z.array(stream).default([]).meta({ title: 'Các bảng / Streams' }),
    networks: z
      .array(z.string().min(1))
      .default([])
      .meta({ title: 'Mạng nội bộ được phép / Inner networks (CIDR)' }),
  })
  .refine(({ streams }) => new Set(streams.map((one) => one.stream)).size === streams.length, {
    message: 'tên stream trùng nhau / streams share a name',
    path: ['streams'],
  });

/** A checked configuration. */
export type DatabaseConfig = z.infer<typeof databaseConfig>;

/** One declared table or query. */
export type DatabaseStream = DatabaseConfig['streams'][number];

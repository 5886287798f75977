import { z } from 'zod';

const text = z.string().min(1);
const localized = z.strictObject({ vi: text, en: text });
const word = z.string().regex(/^[a-z][a-z0-9_]*$/, { message: 'snake_case' });

/** Columns that every layer has beside the declared ones. */
export const fixedColumns = [
  'object_id',
  'geometry',
  'geometry_type',
  'west',
  'south',
  'east',
  'north',
] as const;

const column = z.strictObject({
  name: word.refine((name) => !fixedColumns.some((one) => one === name), {
    message: 'tên cột dành riêng / a reserved column name',
  }),
  /** Attribute of the layer, in any letter case; the column's name by default. */
  from: text.exactOptional(),
  type: z
    .enum(['varchar', 'bigint', 'integer', 'boolean', 'date', 'timestamp', 'timestamptz'])
    .or(z.templateLiteral(['decimal(', z.int(), ',', z.int(), ')'])),
  label: localized,
  classification: z.enum(['public', 'internal', 'personal', 'sensitive']).default('public'),
  unit: text.exactOptional(),
  /** Spellings of text dates (strptime) beside ISO and the server's own `4/21/2006 12:00:00 AM`. */
  formats: z.array(text).default([]),
  /** What a column of coded values holds: the name of the layer's domain, or the code. */
  coded: z.enum(['name', 'code']).default('name'),
});

const layer = z
  .strictObject({
    /** The stream is `map_<id>`. */
    id: word,
    /** Layer number under the service (`0`), or files under the directory (`wards/*.geojson`). */
    path: text,
    label: localized,
    where: text.default('1=1'),
    columns: z.array(column).min(1),
    /** Columns that name a feature: object ids change when a layer is rebuilt. */
    key: z.array(word).min(1),
    subject: z.enum(['person', 'enterprise']).exactOptional(),
    geometry: z.boolean().default(true),
    /** How the layer is paged; by what the server says of itself when `auto`. */
    paging: z.enum(['auto', 'offset', 'ids', 'box']).default('auto'),
  })
  .refine(({ columns, key }) => key.every((name) => columns.some((one) => one.name === name)), {
    message: 'key phải là tên cột / key must name columns',
    path: ['key'],
  });

/** Which layers of a map service, or of a directory of saved features, are read. */
export const arcgisConfig = z
  .strictObject({
    base: text.meta({
      title: 'Thư mục hoặc địa chỉ dịch vụ / Directory or service address',
      description:
        'Ví dụ https://…/arcgis/rest/services/X/FeatureServer, hoặc thư mục tệp .geojson, .json / or a directory',
    }),
    layers: z.array(layer).min(1).meta({ title: 'Các lớp / Layers' }),
    pageSize: z.int().min(1).max(5000).default(1000).meta({ title: 'Số đối tượng mỗi lần / Page' }),
    format: z.enum(['json', 'geojson']).default('json').meta({ title: 'Dạng trả lời / Format' }),
    timeZone: text.default('Asia/Ho_Chi_Minh').meta({
      title: 'Múi giờ của ngày ghi bằng chữ / Zone of dates written as text',
    }),
    signedIn: z.boolean().default(false).meta({ title: 'Cần mã truy cập (token) / Needs a token' }),
    networks: z
      .array(text)
      .default([])
      .meta({ title: 'Mạng nội bộ được phép / Inner networks (CIDR)' }),
  })
  .refine(({ layers }) => new Set(layers.map(({ id }) => id)).size === layers.length, {
    message: 'id của lớp phải khác nhau / ids of layers must differ',
    path: ['layers'],
  });

/** A checked configuration. */
export type ArcgisConfig = z.infer<typeof arcgisConfig>;

/** One wanted layer. */
export type ArcgisLayer = ArcgisConfig['layers'][number];

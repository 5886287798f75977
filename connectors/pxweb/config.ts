import { z } from 'zod';

const text = z.string().min(1);
const id = z.string().regex(/^[\w.-]+$/, { message: 'chữ, số, . _ - / letters, digits, . _ -' });

const table = z.strictObject({
  /** Name of the dataset in the warehouse, e.g. `E02.01`. */
  id,
  /** Path under the base: of the table in the API, or the name of the file in the directory. */
  path: text,
  /** Dimensions by their printed name or code; found by their role where the source gives one. */
  time: text.exactOptional(),
  area: text.exactOptional(),
  indicator: text.exactOptional(),
  /** The period of all figures, for a table without a time dimension. */
  period: text.exactOptional(),
  /** Only these members, by dimension and printed text; all others whole. */
  select: z.record(text, z.array(text).min(1)).exactOptional(),
  /** Members that contain other members of their dimension: the country, regions, totals. */
  totals: z.record(text, z.array(text)).exactOptional(),
  vintage: z.enum(['estimate', 'preliminary', 'final']).exactOptional(),
});

/** Which tables of a PX-Web, or of a directory of its files, are read. */
export const pxwebConfig = z
  .strictObject({
    base: text.meta({
      title: 'Thư mục hoặc địa chỉ API / Directory or API address',
      description:
        'Thư mục có tệp .px, .json tải về, hoặc địa chỉ như https://…/api/v1/vi / A directory of downloaded files, or an address',
    }),
    publisher: id.meta({ title: 'Cơ quan công bố / Publisher', description: 'gso, nso-hp …' }),
    version: z.enum(['v1', 'v2']).default('v1').meta({ title: 'Phiên bản API / API version' }),
    format: z
      .enum(['json-stat', 'json-stat2', 'px'])
      .default('json-stat2')
      .meta({ title: 'Dạng dữ liệu / Data format' }),
    language: z
      .string()
      .regex(/^[a-z]{2}$/)
      .default('vi')
      .meta({ title: 'Ngôn ngữ / Language' }),
    timeZone: text.default('Asia/Ho_Chi_Minh').meta({ title: 'Múi giờ / Time zone' }),
    maxCells: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(10_000)
      .meta({ title: 'Số ô mỗi lần / Cells a call' }),
    maxCalls: z.int().min(1).default(30).meta({ title: 'Số lần gọi / Calls in a window' }),
    windowSeconds: z.int().min(1).default(10).meta({ title: 'Cửa sổ, giây / Window, seconds' }),
    tables: z.array(table).min(1).meta({ title: 'Các bảng / Tables' }),
    networks: z
      .array(text)
      .default([])
      .meta({ title: 'Mạng nội bộ được phép / Inner networks (CIDR)' }),
  })
  .refine(({ tables }) => new Set(tables.map((one) => one.id)).size === tables.length, {
    message: 'id của bảng phải khác nhau / ids of tables must differ',
    path: ['tables'],
  });

/** A checked configuration. */
export type PxwebConfig = z.infer<typeof pxwebConfig>;

/** One wanted table. */
export type PxwebTable = PxwebConfig['tables'][number];

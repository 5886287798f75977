import { z } from 'zod';
import { layoutNames } from './layout.ts';

const text = z.string().min(1);
const id = z.string().regex(/^[\w.-]+$/, { message: 'chữ, số, . _ - / letters, digits, . _ -' });

/** A column of a form: its printed header, and which figure of which period it holds. */
const column = z.strictObject({
  header: text,
  /** `value`, `cumulative` (from the start of the year), `plan`, or an index or share in %. */
  measure: z.string().regex(/^[a-z_]+$/),
  /** The period, in months from the reported one; `year`, or `last-year`. */
  months: z.union([z.int().min(-240).max(240), z.enum(['year', 'last-year'])]),
  vintage: z.enum(['estimate', 'preliminary', 'final', '']).default(''),
  unit: z.string().default(''),
});

const form = z
  .strictObject({
    /** Name of the dataset, e.g. `ban-le`. */
    id,
    /** YYYY and MM stand for the reported month. */
    file: z
      .string()
      .regex(/YYYY/)
      .regex(/MM/)
      .regex(/\.xlsx$/i),
    sheet: text.exactOptional(),
    layout: z.enum(layoutNames).exactOptional(),
    columns: z.array(column).default([]),
    item: z.array(text).min(1).default(['Chỉ tiêu', 'Tên chỉ tiêu', 'Nội dung']),
    number: z.array(text).default(['STT', 'TT', 'Số TT']),
    code: z.array(text).default(['Mã số', 'Mã']),
    unitColumn: z.array(text).default(['Đơn vị', 'Đơn vị tính', 'ĐVT']),
    /** The unit where neither row, header nor a line above the table says one. */
    unit: z.string().default(''),
    /** Official code of the area the form speaks of. */
    area: z.string().regex(/^(\d{2}|\d{5})$/),
    areaName: z.string().default(''),
    /** Which days a month covers: the calendar's, or 15→14 (NĐ 09/2019). */
    window: z.enum(['calendar', 'nd09']).default('calendar'),
  })
  .refine(({ layout, columns }) => layout !== undefined || columns.length > 0, {
    message: 'cần layout hoặc columns / a layout or columns are needed',
    path: ['layout'],
  });

/** Which forms are read from a directory, and what their columns mean. */
export const provincialFormsConfig = z.strictObject({
  base: text.meta({
    title: 'Thư mục / Directory',
    description: 'Nơi có các biểu .xlsx / Where the forms are',
  }),
  publisher: id.meta({ title: 'Đơn vị lập biểu / Publisher' }),
  forms: z.array(form).min(1).meta({ title: 'Các biểu mẫu / Forms' }),
});

/** A checked configuration. */
export type ProvincialFormsConfig = z.infer<typeof provincialFormsConfig>;

/** One kind of form. */
export type ProvincialForm = ProvincialFormsConfig['forms'][number];

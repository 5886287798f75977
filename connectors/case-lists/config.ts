import { z } from 'zod';
import { caseColumns } from './case-columns.ts';

/** Where case lists come from, and how this reporter writes them. */
export const caseListsConfig = z.strictObject({
  base: z.string().min(1).meta({
    title: 'Thư mục / Directory',
    description: 'Nơi có danh sách .csv, .xlsx / Where the lists (.csv, .xlsx) are',
  }),
  whole: z.boolean().default(false).meta({
    title: 'Mỗi tệp là toàn bộ danh sách / Each file is the whole list',
    description: 'Ca không còn trong tệp mới sẽ bị xóa / Cases a new file lacks are deleted',
  }),
  headers: z
    .record(z.string().min(1), z.enum(caseColumns.map(({ name }) => name)))
    .default({})
    .meta({
      title: 'Tên cột khác / Other headers',
      description: 'Tên cột → trường / Header → column',
    }),
  words: z.record(z.string().min(1), z.string().min(1)).default({}).meta({
    title: 'Từ khác / Other words',
    description: 'Như "dương tính" → confirmed / As "dương tính" → confirmed',
  }),
  delimiter: z.enum([',', ';', '\t']).default(',').meta({ title: 'Dấu tách CSV / CSV delimiter' }),
  networks: z
    .array(z.string().min(1))
    .default([])
    .meta({ title: 'Mạng nội bộ được phép / Inner networks (CIDR)' }),
});

/** A checked configuration. */
export type CaseListsConfig = z.infer<typeof caseListsConfig>;

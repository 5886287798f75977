import { z } from 'zod';
import { isWebBase } from '../source-base.ts';
import { measures } from './measures.ts';

const text = z.string().min(1);

const wideFile = z.strictObject({
  file: text,
  measure: z.enum(measures.map(({ name }) => name)),
  /** Which of the portal's two numberings the rows have: of its records, or of its addresses. */
  numbering: z.enum(['record', 'path']).default('record'),
  idColumn: text.default('id'),
});

/** Where the figures of provinces come from: the national portal's API, or wide CSV files saved from it. */
export const provinceCovidConfig = z
  .strictObject({
    base: text.meta({
      title: 'Thư mục hoặc địa chỉ API / Directory or API address',
      description:
        'Ví dụ https://covid19.ncsc.gov.vn/api/v3, hoặc thư mục tệp CSV / or a directory',
    }),
    files: z.array(wideFile).default([]).meta({ title: 'Các tệp ngang / Wide files' }),
    vaccines: z.boolean().default(true).meta({ title: 'Đọc cả số tiêm / Vaccinations too' }),
    /** Record ids whose address has another number. */
    pathOf: z
      .record(z.string().regex(/^\d+$/), z.int().min(1))
      .default({ '1': 20 })
      .meta({ title: 'Số trong địa chỉ theo mã bản ghi / Path numbers by record id' }),
    spikeLeast: z
      .int()
      .min(1)
      .default(1000)
      .meta({ title: 'Từ bao nhiêu ca mới xét báo dồn / Least spike' }),
    spikeFactor: z
      .int()
      .min(2)
      .default(5)
      .meta({ title: 'Gấp bao nhiêu lần hai tuần quanh đó / Times the days around' }),
    networks: z
      .array(text)
      .default([])
      .meta({ title: 'Mạng nội bộ được phép / Inner networks (CIDR)' }),
  })
  .refine(({ base, files }) => isWebBase(base) || files.length > 0, {
    message: 'thư mục cần files / a directory needs files',
    path: ['files'],
  })
  .refine(({ files }) => new Set(files.map(({ measure }) => measure)).size === files.length, {
    message: 'mỗi measure một tệp / one file for each measure',
    path: ['files'],
  });

/** A checked configuration. */
export type ProvinceCovidConfig = z.infer<typeof provinceCovidConfig>;

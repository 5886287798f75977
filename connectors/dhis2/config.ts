import { z } from 'zod';
import { isWebBase } from '../source-base.ts';

const texts = z.array(z.string().min(1));

const analyticsQuery = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .meta({ title: 'Tên truy vấn / Query name' }),
  dimension: texts.min(1).meta({
    title: 'Chiều / Dimensions',
    description: 'Như dx:…, pe:LAST_12_MONTHS, ou:… / As dx:…, pe:…, ou:…',
  }),
  filter: texts.default([]).meta({ title: 'Bộ lọc / Filters' }),
});

/** Where reported health figures come from: a DHIS2 server, or a directory of files that one exported. */
export const dhis2Config = z
  .strictObject({
    base: z.string().min(1).meta({
      title: 'Thư mục hoặc địa chỉ / Directory or address',
      description:
        'Gốc của máy chủ DHIS2 (có /api), hoặc thư mục tệp .json, .csv, .xml / Root of the server (above /api), or a directory',
    }),
    username: z.string().min(1).exactOptional().meta({
      title: 'Tên đăng nhập / User name',
      description: 'Bỏ trống khi dùng mã truy cập cá nhân / Empty with a personal access token',
    }),
    dataSets: texts.default([]).meta({ title: 'Biểu báo cáo / Data sets' }),
    orgUnits: texts.default([]).meta({
      title: 'Đơn vị gốc / Root org units',
      description: 'Gồm mọi đơn vị trực thuộc / With all their descendants',
    }),
    from: z.iso
      .date()
      .default('2000-01-01')
      .meta({ title: 'Đọc từ ngày cập nhật / Updated since' }),
    analytics: z.array(analyticsQuery).default([]).meta({ title: 'Truy vấn tổng hợp / Analytics' }),
    pageSize: z
      .int()
      .min(1)
      .max(50_000)
      .default(10_000)
      .meta({ title: 'Số giá trị một trang / Page size' }),
    lookBackHours: z
      .int()
      .min(1)
      .max(8784)
      .default(24)
      .meta({ title: 'Số giờ đọc lại / Look-back hours' }),
    defaultCombos: texts.default(['HllvX50cXC0', 'default']).meta({
      title: 'Mã tổ hợp mặc định / Default option combos',
      description: 'Được xem như để trống / Treated as blank',
    }),
    zone: z
      .string()
      .min(1)
      .default('Asia/Ho_Chi_Minh')
      .meta({ title: 'Múi giờ của máy chủ / Zone of the server' }),
    networks: texts.default([]).meta({ title: 'Mạng nội bộ được phép / Inner networks (CIDR)' }),
  })
  .refine(
    ({ base, dataSets, orgUnits }) =>
      !isWebBase(base) || (dataSets.length > 0 && orgUnits.length > 0),
    {
      message: 'máy chủ cần dataSets và orgUnits / a server needs dataSets and orgUnits',
      path: ['dataSets'],
    },
  );

/** A checked configuration. */
export type Dhis2Config = z.infer<typeof dhis2Config>;

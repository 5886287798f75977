import { z } from 'zod';
import { isWebBase } from '../source-base.ts';

const texts = z.array(z.string().min(1));

const flow = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/)
    .meta({ title: 'Tên / Name' }),
  path: z.string().min(1).meta({
    title: 'Đường dẫn / Path',
    description:
      'Sau gốc dịch vụ, gồm khóa: data/ECB,EXR,1.0/M.USD.EUR (2.1) hay data/dataflow/ECB/EXR/1.0/M.USD.EUR (3.0)',
  }),
});

/** Where figures in SDMX come from and what their components mean. */
export const sdmxConfig = z
  .strictObject({
    base: z.string().min(1).meta({
      title: 'Thư mục hoặc địa chỉ / Directory or address',
      description: 'Thư mục tệp .xml, .json, .csv, hoặc gốc dịch vụ SDMX-REST',
    }),
    publisher: z.string().min(1).meta({ title: 'Cơ quan công bố / Publisher' }),
    flows: z.array(flow).default([]).meta({ title: 'Luồng dữ liệu / Dataflows' }),
    accept: z
      .string()
      .default('application/vnd.sdmx.structurespecificdata+xml;version=2.1')
      .meta({ title: 'Dạng trả lời / Answer format' }),
    asOf: z.iso
      .datetime({ offset: true })
      .exactOptional()
      .meta({ title: 'Như đã biết lúc / As of' }),
    dataset: z.string().min(1).exactOptional().meta({
      title: 'Tên bảng số liệu / Dataset',
      description:
        'Thay cho mã cấu trúc trong thông điệp / In place of the structure in the message',
    }),
    dimensions: texts.default([]).meta({
      title: 'Các chiều / Dimensions',
      description:
        'Bỏ trống: mọi thành phần trừ các thuộc tính chuẩn / Empty: all but the common attributes',
    }),
    measures: texts.min(1).default(['OBS_VALUE']).meta({ title: 'Số đo / Measures' }),
    indicator: texts.default(['INDICATOR', 'SERIES', 'na_item']).meta({
      title: 'Chiều chỉ tiêu / Indicator dimension',
      description: 'Chiều đầu tiên có mặt',
    }),
    area: texts
      .default(['REF_AREA', 'GEO', 'geo'])
      .meta({ title: 'Chiều địa bàn / Area dimension' }),
    time: z
      .string()
      .min(1)
      .default('TIME_PERIOD')
      .meta({ title: 'Chiều thời gian / Time dimension' }),
    vintages: z
      .record(z.string(), z.enum(['estimate', 'preliminary', 'final']))
      .default({ E: 'estimate', P: 'preliminary' })
      .meta({ title: 'OBS_STATUS → ước tính, sơ bộ, chính thức / vintages' }),
    totals: z
      .record(z.string(), texts)
      .default({})
      .meta({ title: 'Mã tổng theo chiều / Total codes by dimension', description: 'Ngoài _T' }),
    approvedDeletions: z
      .array(z.string().regex(/^[0-9a-f]{64}$/))
      .default([])
      .meta({
        title: 'Lệnh xóa đã duyệt / Approved deletions',
        description: 'SHA-256 của tệp có lệnh xóa / SHA-256 of files with delete actions',
      }),
    lookBackHours: z
      .int()
      .min(1)
      .max(8784)
      .default(24)
      .meta({ title: 'Số giờ đọc lại / Look-back hours' }),
    zone: z.string().min(1).default('Asia/Ho_Chi_Minh').meta({ title: 'Múi giờ của nguồn / Zone' }),
    networks: texts.default([]).meta({ title: 'Mạng nội bộ được phép / Inner networks (CIDR)' }),
  })
  .refine(({ base, flows }) => !isWebBase(base) || flows.length > 0, {
    message: 'dịch vụ cần flows / a service needs flows',
    path: ['flows'],
  });

/** A checked configuration. */
export type SdmxConfig = z.infer<typeof sdmxConfig>;

import { z } from 'zod';
import { isWebBase } from '../source-base.ts';
import { collections } from './collections.ts';

/** Where rosters come from: a directory of CSV bundles, or a REST service. */
export const oneRosterConfig = z
  .strictObject({
    base: z.string().min(1).meta({
      title: 'Thư mục hoặc địa chỉ / Directory or address',
      description:
        'Thư mục có gói .zip (hoặc manifest.csv), hay gốc REST như https://…/ims/oneroster/v1p1, https://…/ims/oneroster/rostering/v1p2 / Directory of bundles, or REST root',
    }),
    tokenUrl: z
      .url({ protocol: /^https?$/ })
      .exactOptional()
      .meta({ title: 'Địa chỉ cấp mã / Token address', description: 'OAuth2 client credentials' }),
    clientId: z
      .string()
      .min(1)
      .exactOptional()
      .meta({ title: 'Mã truy cập / Client id', description: 'Cần cho dịch vụ REST' }),
    scope: z
      .string()
      .default(
        'https://purl.imsglobal.org/spec/or/v1p1/scope/roster.readonly https://purl.imsglobal.org/spec/or/v1p1/scope/roster-demographics.readonly',
      )
      .meta({ title: 'Phạm vi / Scope' }),
    collections: z
      .array(z.enum(collections.map(({ name }) => name)))
      .min(1)
      .default(collections.map(({ name }) => name))
      .meta({ title: 'Bảng cần đọc / Collections' }),
    pageSize: z
      .int()
      .min(1)
      .max(5000)
      .default(100)
      .meta({ title: 'Số bản ghi một trang / Page size' }),
    lookBackHours: z.int().min(1).max(8784).default(24).meta({
      title: 'Số giờ đọc lại / Look-back hours',
      description: 'Bản ghi ghi muộn vẫn được thấy / Records committed late are still seen',
    }),
    zone: z
      .string()
      .min(1)
      .default('Asia/Ho_Chi_Minh')
      .meta({ title: 'Múi giờ của thời điểm không ghi múi / Zone of times without one' }),
    networks: z
      .array(z.string().min(1))
      .default([])
      .meta({ title: 'Mạng nội bộ được phép / Inner networks (CIDR)' }),
  })
  .refine(
    ({ base, clientId, tokenUrl }) =>
      !isWebBase(base) || (clientId !== undefined && tokenUrl !== undefined),
    {
      message: 'dịch vụ REST cần clientId và tokenUrl / a REST service needs clientId and tokenUrl',
      path: ['clientId'],
    },
  );

/** A checked configuration. */
export type OneRosterConfig = z.infer<typeof oneRosterConfig>;

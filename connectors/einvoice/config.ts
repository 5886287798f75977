import { z } from 'zod';
import { isWebBase } from '../source-base.ts';

/** Where the invoices come from: a directory of files, or the tax office's sharing service over HTTP. */
export const einvoiceConfig = z
  .strictObject({
    base: z.string().min(1).meta({
      title: 'Thư mục hoặc địa chỉ / Directory or address',
      description: 'Thư mục có tệp .xml, .zip; hoặc gốc của dịch vụ chia sẻ hóa đơn',
    }),
    clientId: z
      .string()
      .min(1)
      .exactOptional()
      .meta({ title: 'Mã truy cập / Client id', description: 'Cần cho dịch vụ HTTP' }),
    portalStates: z
      .boolean()
      .default(true)
      .meta({ title: 'Đọc trạng thái hóa đơn / Read invoice states' }),
    stateMonths: z
      .int()
      .min(1)
      .max(120)
      .default(13)
      .meta({ title: 'Số tháng đọc lại trạng thái / Months of states read again' }),
    networks: z
      .array(z.string().min(1))
      .default([])
      .meta({ title: 'Mạng nội bộ được phép / Inner networks (CIDR)' }),
  })
  .refine(({ base, clientId }) => !isWebBase(base) || clientId !== undefined, {
    message: 'dịch vụ HTTP cần clientId / an HTTP service needs clientId',
    path: ['clientId'],
  });

/** A checked configuration. */
export type EinvoiceConfig = z.infer<typeof einvoiceConfig>;

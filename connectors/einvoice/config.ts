import { z } from 'zod';

/** Where the invoices come from: a directory of files, or the tax office's sharing service over HTTP. */
export const einvoiceConfig = z
  .object({
    directory: z
      .string()
      .min(1)
      .exactOptional()
      .meta({ title: 'Thư mục / Directory', description: 'Thư mục chứa tệp .xml, .zip' }),
    url: z
      .url({ protocol: /^https?$/ })
      .exactOptional()
      .meta({ title: 'Địa chỉ / URL', description: 'Gốc của dịch vụ chia sẻ hóa đơn' }),
    clientId: z.string().min(1).exactOptional().meta({ title: 'Mã truy cập / Client id' }),
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
  })
  .refine(({ directory, url }) => (directory === undefined) !== (url === undefined), {
    message: 'cần đúng một trong hai: directory, url / exactly one of directory, url is needed',
  })
  .refine(({ url, clientId }) => url === undefined || clientId !== undefined, {
    message: 'url cần clientId / url needs clientId',
    path: ['clientId'],
  });

/** A checked configuration. */
export type EinvoiceConfig = z.infer<typeof einvoiceConfig>;

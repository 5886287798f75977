import { z } from 'zod';

/** How the public-service system is asked. */
export const dvcConfig = z.strictObject({
  base: z.url({ protocol: /^https?$/ }).meta({
    title: 'Địa chỉ dịch vụ / Service address',
    description:
      'Gốc của dịch vụ, có /token, /hoso, /danhmuc / Root that has /token, /hoso, /danhmuc',
  }),
  clientId: z.string().min(1).meta({ title: 'Tên truy cập / User name' }),
  from: z.iso
    .date()
    .meta({ title: 'Đọc từ ngày / First day', description: 'Ngày cập nhật đầu tiên cần đọc' }),
  pageSize: z
    .int()
    .min(1)
    .max(5000)
    .default(500)
    .meta({ title: 'Số bản ghi một trang / Page size' }),
  lookBackDays: z.int().min(1).max(366).default(3).meta({
    title: 'Số ngày đọc lại / Look-back days',
    description: 'Bản ghi ghi muộn vẫn được thấy / Records committed late are still seen',
  }),
  statuses: z
    .array(z.string())
    .default(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'])
    .meta({ title: 'Trạng thái đã biết / Known statuses', description: 'Mã TrangThaiHoSo' }),
  networks: z
    .array(z.string().min(1))
    .default([])
    .meta({ title: 'Mạng nội bộ được phép / Inner networks (CIDR)' }),
});

/** A checked configuration. */
export type DvcConfig = z.infer<typeof dvcConfig>;

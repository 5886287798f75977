import { z } from 'zod';

/** Where claim packages come from, and what differs from hospital to hospital. */
export const claimsConfig = z.strictObject({
  base: z.string().min(1).meta({
    title: 'Thư mục / Directory',
    description: 'Nơi có gói .xml hoặc .zip / Where the packages (.xml, .zip) are',
  }),
  tolerance: z.number().min(0).max(1000).default(1).meta({
    title: 'Sai số làm tròn (đồng) / Rounding (đồng)',
    description: 'Chênh lệch được bỏ qua khi đối chiếu số tiền / Ignored when amounts are compared',
  }),
  renamed: z
    .record(z.string().regex(/^[A-Z0-9_]+$/), z.string().regex(/^[A-Z0-9_]+$/))
    .default({
      MA_CSKCB_DI: 'MA_NOI_DI',
      MA_CSKCB_DEN: 'MA_NOI_DEN',
      PP_DIEUTRI: 'PP_DIEU_TRI',
    })
    .meta({
      title: 'Tên trường khác / Other field names',
      description:
        'Tên trong gói → tên trong bảng 4750 / Name in the package → name of edition 4750',
    }),
  networks: z
    .array(z.string().min(1))
    .default([])
    .meta({ title: 'Mạng nội bộ được phép / Inner networks (CIDR)' }),
});

/** A checked configuration. */
export type ClaimsConfig = z.infer<typeof claimsConfig>;

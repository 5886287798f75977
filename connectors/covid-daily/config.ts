import { z } from 'zod';
import { isDay } from './file-name.ts';

const day = z
  .string()
  .refine(isDay, { message: 'cần ngày yyyy-MM-dd / a day yyyy-MM-dd is needed' });

/** Where the daily files are, and which days are wanted. */
export const covidDailyConfig = z
  .strictObject({
    base: z.string().min(1).meta({
      title: 'Thư mục hoặc địa chỉ / Directory or address',
      description: 'Thư mục, hoặc địa chỉ http(s), có mỗi ngày một tệp / One file a day',
    }),
    from: day.exactOptional().meta({ title: 'Từ ngày / From' }),
    to: day.exactOptional().meta({ title: 'Đến ngày / To' }),
    fileName: z
      .string()
      .regex(/YYYY/)
      .regex(/MM/)
      .regex(/DD/)
      .default('MM-DD-YYYY.csv')
      .meta({ title: 'Tên tệp / File name', description: 'YYYY, MM, DD: năm, tháng, ngày' }),
    networks: z
      .array(z.string().min(1))
      .default([])
      .meta({ title: 'Mạng nội bộ được phép / Inner networks (CIDR)' }),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    message: 'from phải trước to / from must not be after to',
    path: ['to'],
  });

/** A checked configuration. */
export type CovidDailyConfig = z.infer<typeof covidDailyConfig>;

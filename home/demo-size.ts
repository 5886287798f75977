import { z } from 'zod';
import type { EnvironmentVariables } from '../core/configuration.ts';
import { PhusaError } from '../core/errors.ts';

const size = z.object({
  PHUSA_DEMO_SCALE: z.coerce.number().positive().default(1),
  PHUSA_DEMO_YEARS: z.coerce.number().int().positive().default(3),
});

/** How large the demo's city is. */
export interface DemoSize {
  readonly scale: number;
  readonly years: number;
}

/**
 * Size of the demo's city: `PHUSA_DEMO_SCALE` and `PHUSA_DEMO_YEARS` make it smaller for tests. Throws fatal
 * `configuration-wrong` on anything but a positive scale and a whole number of years.
 */
export function demoSize(environment: EnvironmentVariables): DemoSize {
  const read = size.safeParse(environment);
  if (read.success) return { scale: read.data.PHUSA_DEMO_SCALE, years: read.data.PHUSA_DEMO_YEARS };
  const names = read.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new PhusaError({
    group: 'fatal',
    code: 'configuration-wrong',
    message: { vi: `Giá trị không hợp lệ: ${names}.`, en: `Not a valid value: ${names}.` },
    remedy: {
      vi: 'Quy mô là số dương (1 là cả thành phố), số năm là số nguyên dương.',
      en: 'The scale is a positive number (1 is the whole city), the years a positive whole number.',
    },
  });
}

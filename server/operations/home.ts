import { z } from 'zod';
import { operation } from '../operation.ts';
import { jsonObject, localized } from './field.ts';

const doctorOutput = z.object({
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), message: localized })),
});

/** The home itself. */
export const homeOperations = [
  operation({
    id: 'home.info',
    method: 'GET',
    path: '/home',
    summary: {
      vi: 'Kho: mã số, chế độ, phiên bản, số lượng',
      en: 'Home: id, mode, versions, counts',
    },
    output: jsonObject,
    grants: 'everyone',
    run: (services, call) => services.home.info(call),
  }),
  operation({
    id: 'home.doctor',
    method: 'GET',
    path: '/doctor',
    summary: { vi: 'Tự kiểm tra hệ thống', en: 'Checks of the installation' },
    output: doctorOutput,
    grants: { operator: 'all', admin: 'all', auditor: 'all' },
    run: (services, call) => services.home.doctor(call),
  }),
];

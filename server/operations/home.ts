import { z } from 'zod';
import { operation } from '../operation.ts';
import { jsonInput, jsonObject, localized } from './field.ts';

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
    id: 'home.profile',
    method: 'GET',
    path: '/home/profile',
    summary: {
      vi: 'Kho của ai: phần đầu, phần ký và nơi nhận của báo cáo',
      en: 'Whose home: heading, signature and recipients of reports',
    },
    output: jsonObject,
    grants: { operator: 'all', admin: 'all', auditor: 'all', steward: 'all' },
    run: (services, call) => services.home.profile(call),
  }),
  operation({
    id: 'home.configure',
    method: 'POST',
    path: '/home/profile',
    summary: { vi: 'Đổi hồ sơ của kho', en: "Change the home's profile" },
    body: { profile: jsonInput },
    output: jsonObject,
    grants: { admin: 'all' },
    run: (services, call, input) => services.home.configure(call, input.profile),
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

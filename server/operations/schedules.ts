import { z } from 'zod';
import { operation } from '../operation.ts';
import { jsonInput, jsonObject, jsonObjects, name, reason } from './field.ts';

const params = { schedule: name };
const keepers = { operator: 'all', admin: 'all' } as const;
const readers = { ...keepers, auditor: 'all', steward: 'all', statistician: 'all' } as const;

/** What runs when. */
export const scheduleOperations = [
  operation({
    id: 'schedules.list',
    method: 'GET',
    path: '/schedules',
    summary: { vi: 'Các lịch chạy', en: 'Schedules' },
    output: jsonObjects,
    grants: readers,
    run: (services, call) => services.schedules.list(call),
  }),
  operation({
    id: 'schedules.add',
    method: 'POST',
    path: '/schedules',
    summary: { vi: 'Thêm lịch chạy', en: 'Add a schedule' },
    body: { schedule: jsonInput },
    output: jsonObject,
    grants: keepers,
    run: (services, call, input) => services.schedules.add(call, input.schedule),
  }),
  operation({
    id: 'schedules.run',
    method: 'POST',
    path: '/schedules/{schedule}/run',
    summary: { vi: 'Chạy ngay', en: 'Run now' },
    params,
    output: jsonObject,
    grants: keepers,
    long: true,
    run: (services, call, input) => services.schedules.run(call, input.schedule),
  }),
  operation({
    id: 'schedules.pause',
    method: 'POST',
    path: '/schedules/{schedule}/pause',
    summary: { vi: 'Tạm dừng lịch', en: 'Pause a schedule' },
    params,
    body: { reason },
    output: jsonObject,
    grants: keepers,
    run: (services, call, input) => services.schedules.pause(call, input.schedule, input.reason),
  }),
  operation({
    id: 'schedules.resume',
    method: 'POST',
    path: '/schedules/{schedule}/resume',
    summary: { vi: 'Cho lịch chạy lại', en: 'Resume a schedule' },
    params,
    output: jsonObject,
    grants: keepers,
    run: (services, call, input) => services.schedules.resume(call, input.schedule),
  }),
  operation({
    id: 'schedules.why',
    method: 'GET',
    path: '/schedules/{schedule}/slots',
    summary: { vi: 'Vì sao chạy hay không, từng kỳ', en: 'Why it ran or did not, slot by slot' },
    params,
    output: z.object({ slots: jsonObjects }),
    grants: readers,
    run: (services, call, input) => services.schedules.why(call, input.schedule),
  }),
];

import { z } from 'zod';
import { operation } from '../operation.ts';
import {
  day,
  instant,
  jsonObject,
  jsonObjects,
  name,
  page,
  pageQuery,
  period,
  reference,
} from './field.ts';

const makers = { statistician: 'all', steward: 'all', operator: 'all', admin: 'all' } as const;

const reportTasks = [
  operation({
    id: 'reports.list',
    method: 'GET',
    path: '/reports',
    summary: { vi: 'Các mẫu báo cáo', en: 'Reports' },
    output: jsonObjects,
    grants: 'everyone',
    run: (services, call) => services.reports.list(call),
  }),
  operation({
    id: 'reports.render',
    method: 'POST',
    path: '/reports/{report}/render',
    summary: { vi: 'Kết xuất bản nháp', en: 'Render a draft' },
    params: { report: name },
    body: { period, asOf: instant.exactOptional(), areasAsOf: day.exactOptional() },
    answers: 'files',
    grants: makers,
    long: true,
    run: (services, call, { report, ...options }) => services.reports.render(call, report, options),
  }),
  operation({
    id: 'reports.issue',
    method: 'POST',
    path: '/reports/{report}/editions',
    summary: { vi: 'Phát hành báo cáo', en: 'Issue an edition' },
    params: { report: name },
    body: { period },
    output: jsonObject,
    grants: { steward: 'all', operator: 'all', admin: 'all' },
    long: true,
    run: (services, call, input) =>
      services.reports.issue(call, input.report, { period: input.period }),
  }),
  operation({
    id: 'reports.approve',
    method: 'POST',
    path: '/reports/{report}/editions/{period}/approve',
    summary: { vi: 'Phê duyệt bản báo cáo', en: 'Approve an edition' },
    params: { report: name, period },
    output: jsonObject,
    grants: { steward: 'all' },
    long: true,
    run: (services, call, input) => services.reports.approve(call, input.report, input.period),
  }),
];

const editionTasks = [
  operation({
    id: 'editions.list',
    method: 'GET',
    path: '/editions',
    summary: { vi: 'Các bản báo cáo đã phát hành', en: 'Editions' },
    query: { ...pageQuery, report: name.exactOptional() },
    output: page,
    grants: 'everyone',
    run: (services, call, input) => services.reports.editions(call, input),
  }),
  operation({
    id: 'editions.show',
    method: 'GET',
    path: '/editions/{ref}',
    summary: { vi: 'Một bản báo cáo', en: 'One edition' },
    params: { ref: reference },
    output: jsonObject,
    grants: 'everyone',
    run: (services, call, input) => services.reports.edition(call, input.ref),
  }),
  operation({
    id: 'editions.document',
    method: 'GET',
    path: '/editions/{ref}/document',
    summary: { vi: 'Nội dung bản báo cáo (cây tài liệu)', en: 'The frozen document tree' },
    params: { ref: reference },
    output: jsonObject,
    grants: 'everyone',
    run: (services, call, input) => services.reports.document(call, input.ref),
  }),
  operation({
    id: 'editions.file',
    method: 'GET',
    path: '/editions/{ref}/file/{format}',
    summary: { vi: 'Tải tệp báo cáo', en: 'Download an edition' },
    params: { ref: reference, format: z.enum(['pdf', 'xlsx']) },
    answers: 'file',
    grants: 'everyone',
    run: (services, call, input) => services.reports.file(call, input.ref, input.format),
  }),
  operation({
    id: 'editions.verify',
    method: 'GET',
    path: '/verify',
    summary: { vi: 'Tệp này có phải bản đã phát hành không', en: 'Whether a file is an edition' },
    query: { sha256: z.string().regex(/^[0-9a-f]{64}$/), name: z.string().max(300).default('') },
    output: jsonObject,
    grants: 'everyone',
    run: (services, call, input) => services.reports.verify(call, input.sha256, input.name),
  }),
];

/** Reports and their editions. */
export const reportOperations = [...reportTasks, ...editionTasks];

import { z } from 'zod';
import { operation } from '../operation.ts';
import {
  day,
  jsonInput,
  jsonObject,
  jsonObjects,
  localized,
  name,
  period,
  readers,
  reason,
} from './field.ts';

const sourceView = z.object({
  name: z.string(),
  connector: z.string(),
  owner: z.string(),
  status: z.enum(['draft', 'certified', 'active', 'paused', 'removed']),
  version: z.number(),
  config: jsonObject,
  streams: z.array(z.string()),
  contract: jsonObject.optional(),
  notify: z.array(z.string()).optional(),
  freshness: z.string().optional(),
  registeredBy: z.string().optional(),
  editedBy: z.string().optional(),
  certifiedBy: z.string().optional(),
  approvedBy: z.string().optional(),
  drift: jsonObjects.optional(),
  asks: z.array(localized).optional(),
  reason: z.string().optional(),
  certificate: jsonObject.optional(),
  history: jsonObjects.optional(),
  lastRun: jsonObject.optional(),
  next: localized,
});

const count = z.number().int().min(0);
const status = z.enum(['ok', 'empty', 'partial', 'held', 'failed', 'cancelled']);

/** What `ingest` and `replay` answer. */
export const ingestResult = z.object({
  source: z.string(),
  run: z.string(),
  status,
  batches: z.array(z.string()),
  streams: z.array(
    z.object({
      stream: z.string(),
      received: count,
      new: count,
      changed: count,
      unchanged: count,
      duplicate: count,
      filtered: count,
      quarantined: count,
      deleted: count,
      cursor: z.json(),
      status,
      reason: localized.nullable(),
    }),
  ),
});

/** How often a source is expected to bring something new, as an ISO 8601 duration. */
const freshness = z.string().regex(/^(P[1-9]\d{0,2}[DWM]|PT[1-9]\d{0,2}H)$/);
const addresses = z.array(z.email().max(254)).max(20);
const params = { source: name };
/** How much a test read shows. */
const sample = {
  stream: name.exactOptional(),
  limit: z.int().min(1).max(1000).exactOptional(),
  pages: z.int().min(1).max(30).exactOptional(),
  piece: z.int().min(0).max(1000).exactOptional(),
};
const managers = { operator: 'all', admin: 'all', department: 'own' } as const;
const examiners = { ...managers, steward: 'all' } as const;

const readingOperations = [
  operation({
    id: 'sources.list',
    method: 'GET',
    path: '/sources',
    summary: { vi: 'Các nguồn dữ liệu', en: 'Sources' },
    output: z.array(sourceView),
    grants: readers,
    run: (services, call) => services.sources.list(call),
  }),
  operation({
    id: 'sources.league',
    method: 'GET',
    path: '/suppliers/{period}',
    summary: {
      vi: 'Bảng xếp hạng đơn vị cung cấp: đúng hạn, đầy đủ, hợp lệ, độ trễ',
      en: 'League table of suppliers: on time, complete, valid, delay',
    },
    params: { period },
    output: z.object({
      period: z.string(),
      from: z.string(),
      to: z.string(),
      suppliers: jsonObjects,
    }),
    grants: readers,
    run: (services, call, input) => services.sources.league(call, input.period),
  }),
  operation({
    id: 'sources.show',
    method: 'GET',
    path: '/sources/{source}',
    summary: { vi: 'Một nguồn dữ liệu', en: 'One source' },
    params,
    output: sourceView,
    grants: readers,
    run: (services, call, input) => services.sources.show(call, input.source),
  }),
  operation({
    id: 'sources.version',
    method: 'GET',
    path: '/sources/{source}/versions/{version}',
    summary: { vi: 'Một phiên bản của nguồn', en: 'One version of a source' },
    params: { ...params, version: z.coerce.number().int().min(1) },
    output: jsonObject,
    grants: readers,
    run: (services, call, input) => services.sources.version(call, input.source, input.version),
  }),
  operation({
    id: 'sources.check',
    method: 'POST',
    path: '/sources/{source}/check',
    summary: { vi: 'Thử kết nối tới nguồn', en: 'Connection test' },
    params,
    output: z.object({ ok: z.literal(true), found: localized }),
    grants: examiners,
    long: true,
    run: (services, call, input) => services.sources.check(call, input.source),
  }),
  operation({
    id: 'sources.discover',
    method: 'POST',
    path: '/sources/{source}/discover',
    summary: { vi: 'Các luồng, cột và kiểu mà nguồn có', en: 'Streams, columns and types' },
    params,
    output: z.object({ streams: jsonObjects, offered: jsonObjects.optional() }),
    grants: examiners,
    long: true,
    run: (services, call, input) => services.sources.discover(call, input.source),
  }),
  operation({
    id: 'sources.preview',
    method: 'POST',
    path: '/sources/{source}/preview',
    summary: { vi: 'Đọc thử, không thay đổi gì', en: 'Preview; changes nothing' },
    params,
    body: sample,
    output: z.object({ pages: jsonObjects }),
    grants: examiners,
    long: true,
    run: (services, call, { source, ...options }) =>
      services.sources.preview(call, source, options),
  }),
];

const managingOperations = [
  operation({
    id: 'sources.try',
    method: 'POST',
    path: '/connectors/{connector}/preview',
    summary: {
      vi: 'Thử kết nối và đọc thử một nguồn chưa khai báo; không lưu gì',
      en: 'Connection test and preview of a source not yet added; keeps nothing',
    },
    params: { connector: name },
    body: {
      config: jsonInput,
      secrets: z.record(z.string(), z.string()).exactOptional(),
      ...sample,
    },
    output: z.object({ found: localized, pages: jsonObjects }),
    grants: managers,
    long: true,
    run: (services, call, { connector, ...input }) =>
      services.sources.tryOut(call, connector, input),
  }),
  operation({
    id: 'sources.add',
    method: 'POST',
    path: '/sources',
    summary: { vi: 'Khai báo một nguồn', en: 'Add a source' },
    body: {
      name,
      connector: name,
      config: jsonInput,
      secrets: z.record(z.string(), z.string()).exactOptional(),
      owner: z.string().min(1).max(100).exactOptional(),
      contract: jsonInput.exactOptional(),
      notify: addresses.exactOptional(),
      freshness: freshness.exactOptional(),
    },
    output: sourceView,
    grants: managers,
    long: true,
    run: (services, call, input) => services.sources.add(call, input),
  }),
  operation({
    id: 'sources.edit',
    method: 'POST',
    path: '/sources/{source}/edit',
    summary: {
      vi: 'Sửa nguồn: một phiên bản mới, cần chứng nhận và phê duyệt lại',
      en: 'Edit a source: a new version, to be certified and approved again',
    },
    params,
    body: {
      config: jsonInput.exactOptional(),
      secrets: z.record(z.string(), z.string()).exactOptional(),
      contract: jsonInput.exactOptional(),
      notify: addresses.exactOptional(),
      freshness: freshness.exactOptional(),
    },
    output: sourceView,
    grants: managers,
    long: true,
    run: (services, call, { source, ...edit }) => services.sources.edit(call, source, edit),
  }),
  operation({
    id: 'sources.adopt',
    method: 'POST',
    path: '/sources/{source}/adopt',
    summary: {
      vi: 'Chấp nhận thay đổi cột của nguồn (đổi tên, cột mới, cột bị bỏ) bằng một phiên bản mới',
      en: 'Take up changes of its columns (renamed, new, gone) by a new version',
    },
    params,
    body: {
      stream: name.exactOptional(),
      column: z.string().min(1).max(300).exactOptional(),
      ignore: z.boolean().exactOptional(),
      classification: z.enum(['public', 'internal', 'personal', 'sensitive']).exactOptional(),
    },
    output: sourceView,
    grants: managers,
    long: true,
    run: (services, call, { source, ...wanted }) => services.sources.adopt(call, source, wanted),
  }),
  operation({
    id: 'sources.back-fill',
    method: 'POST',
    path: '/sources/{source}/back-fill',
    summary: {
      vi: 'Giải mã lại các lô đã nhận theo phiên bản hiện tại: cột mới khai có giá trị từ dữ liệu gốc',
      en: 'Decode landed batches again by the present version: columns declared since get their values',
    },
    params,
    body: { stream: name.exactOptional() },
    output: ingestResult,
    grants: managers,
    long: true,
    run: (services, call, { source, ...options }) =>
      services.sources.backFill(call, source, options),
  }),
  operation({
    id: 'sources.certify',
    method: 'POST',
    path: '/sources/{source}/certify',
    summary: {
      vi: 'Chứng nhận nguồn: chạy các phép chứng minh với nguồn thật, không để lại gì ngoài chứng chỉ',
      en: 'Certify a source: proofs against the live source, leaving nothing but the certificate',
    },
    params,
    body: {
      batches: z.int().min(1).max(1000).exactOptional(),
      recorded: z.boolean().exactOptional(),
    },
    output: jsonObject,
    grants: examiners,
    long: true,
    run: (services, call, { source, ...options }) =>
      services.sources.certify(call, source, options),
  }),
  operation({
    id: 'sources.approve',
    method: 'POST',
    path: '/sources/{source}/approve',
    summary: { vi: 'Phê duyệt nguồn', en: 'Approve a source' },
    params,
    output: sourceView,
    grants: { steward: 'all' },
    run: (services, call, input) => services.sources.approve(call, input.source),
  }),
  operation({
    id: 'sources.pause',
    method: 'POST',
    path: '/sources/{source}/pause',
    summary: { vi: 'Tạm dừng nguồn', en: 'Pause a source' },
    params,
    body: { reason },
    output: sourceView,
    grants: examiners,
    run: (services, call, input) => services.sources.pause(call, input.source, input.reason),
  }),
  operation({
    id: 'sources.resume',
    method: 'POST',
    path: '/sources/{source}/resume',
    summary: { vi: 'Cho nguồn chạy lại', en: 'Resume a source' },
    params,
    output: sourceView,
    grants: managers,
    run: (services, call, input) => services.sources.resume(call, input.source),
  }),
  operation({
    id: 'sources.remove',
    method: 'DELETE',
    path: '/sources/{source}',
    summary: { vi: 'Gỡ nguồn (dữ liệu đã nhận vẫn còn)', en: 'Remove a source (its data stay)' },
    params,
    output: sourceView,
    grants: managers,
    run: (services, call, input) => services.sources.remove(call, input.source),
  }),
  operation({
    id: 'sources.ingest',
    method: 'POST',
    path: '/sources/{source}/ingest',
    summary: { vi: 'Nhận dữ liệu từ nguồn', en: 'Ingest a source' },
    params,
    body: {
      stream: name.exactOptional(),
      from: day.exactOptional(),
      to: day.exactOptional(),
      full: z.boolean().exactOptional(),
    },
    output: ingestResult,
    grants: managers,
    long: true,
    run: (services, call, { source, ...options }) => services.sources.ingest(call, source, options),
  }),
];

/** Registered connections to agencies' systems. */
export const sourceOperations = [...readingOperations, ...managingOperations];

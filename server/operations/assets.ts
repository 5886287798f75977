import { z } from 'zod';
import { operation } from '../operation.ts';
import { instant, jsonObject, jsonObjects, name, reference } from './field.ts';

const queryResult = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  /** Rows of text, boolean and null; not walked again, a result may hold a million. */
  rows: z.array(z.unknown()),
  truncated: z.boolean(),
});

/** Declared tables, and questions to them. */
export const assetOperations = [
  operation({
    id: 'assets.list',
    method: 'GET',
    path: '/assets',
    summary: { vi: 'Các bảng dữ liệu đã khai báo', en: 'Assets' },
    output: jsonObjects,
    grants: 'everyone',
    run: (services, call) => services.assets.list(call),
  }),
  operation({
    id: 'assets.show',
    method: 'GET',
    path: '/assets/{asset}',
    summary: { vi: 'Một bảng: cột, SQL, kiểm tra', en: 'One asset: columns, SQL, checks' },
    params: { asset: name },
    output: jsonObject,
    grants: 'everyone',
    run: (services, call, input) => services.assets.show(call, input.asset),
  }),
  operation({
    id: 'assets.diff',
    method: 'GET',
    path: '/assets/{asset}/diff',
    summary: {
      vi: 'Dựng lại bây giờ thì thay đổi gì: cột và dòng',
      en: 'What building it now would change: columns and rows',
    },
    params: { asset: name },
    output: jsonObject,
    grants: { auditor: 'all', steward: 'all', operator: 'all', admin: 'all' },
    long: true,
    run: (services, call, input) => services.assets.diff(call, input.asset),
  }),
  operation({
    id: 'assets.build',
    method: 'POST',
    path: '/assets/build',
    summary: { vi: 'Dựng lại các bảng', en: 'Build assets' },
    body: { keys: z.array(name).exactOptional() },
    output: z.object({ built: jsonObjects, fresh: z.array(z.string()), blocked: jsonObjects }),
    grants: { operator: 'all', admin: 'all', steward: 'all' },
    long: true,
    run: (services, call, input) => services.assets.build(call, input),
  }),
  operation({
    id: 'assets.query',
    method: 'POST',
    path: '/query',
    summary: { vi: 'Truy vấn chỉ đọc', en: 'Read-only query' },
    body: {
      sql: z.string().min(1).max(100_000),
      asOf: instant.exactOptional(),
      maxRows: z.int().min(1).max(1_000_000).exactOptional(),
    },
    output: queryResult,
    grants: {
      statistician: 'all',
      department: 'own',
      auditor: 'all',
      steward: 'all',
      operator: 'all',
      admin: 'all',
    },
    long: true,
    run: (services, call, { sql, ...options }) => services.assets.query(call, sql, options),
  }),
  operation({
    id: 'assets.lineage',
    method: 'GET',
    path: '/lineage',
    summary: { vi: 'Dữ liệu này từ đâu đến, đi đâu', en: 'Lineage up or down' },
    query: { ref: reference, direction: z.enum(['up', 'down']).default('up') },
    output: z.object({ nodes: jsonObjects, edges: jsonObjects }),
    grants: 'everyone',
    run: (services, call, input) => services.assets.lineage(call, input.ref, input.direction),
  }),
  operation({
    id: 'assets.openLineage',
    method: 'GET',
    path: '/lineage/openlineage',
    summary: {
      vi: 'Nguồn gốc dữ liệu theo chuẩn OpenLineage',
      en: 'Lineage as OpenLineage job events',
    },
    query: { ref: reference, direction: z.enum(['up', 'down']).default('up') },
    output: jsonObjects,
    grants: 'everyone',
    run: (services, call, input) => services.assets.openLineage(call, input.ref, input.direction),
  }),
];

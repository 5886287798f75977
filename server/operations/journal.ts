import { operation } from '../operation.ts';
import { id, jsonObject, page, pageQuery } from './field.ts';

const readers = { auditor: 'all', steward: 'all', admin: 'all' } as const;

/** The one append-only journal. */
export const journalOperations = [
  operation({
    id: 'journal.list',
    method: 'GET',
    path: '/journal',
    summary: { vi: 'Nhật ký', en: 'Journal' },
    query: { ...pageQuery, subject: id.exactOptional() },
    output: page,
    grants: readers,
    run: (services, call, input) => services.audit.journal(call, input),
  }),
  operation({
    id: 'journal.verify',
    method: 'GET',
    path: '/journal/verify',
    summary: { vi: 'Kiểm tra tính toàn vẹn của nhật ký', en: 'Verify the journal' },
    output: jsonObject,
    grants: { ...readers, operator: 'all' },
    long: true,
    run: (services, call) => services.audit.verify(call),
  }),
  operation({
    id: 'journal.export',
    method: 'GET',
    path: '/journal/export',
    summary: { vi: 'Tải toàn bộ nhật ký (NDJSON)', en: 'The whole journal as NDJSON' },
    answers: 'file',
    grants: { auditor: 'all', admin: 'all' },
    run: (services, call) => services.audit.export(call),
  }),
];

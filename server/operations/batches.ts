import { z } from 'zod';
import { operation } from '../operation.ts';
import { id, jsonObject, jsonObjects, name, page, pageQuery } from './field.ts';
import { ingestResult } from './sources.ts';

/** Rejected rows are raw: they may hold personal data, which the service masks for the auditor. */
const quarantineReaders = {
  department: 'own',
  auditor: 'all',
  steward: 'all',
  operator: 'all',
  admin: 'all',
} as const;

const readers = { ...quarantineReaders, statistician: 'all' } as const;

/** Which rejected rows are asked for. */
const rejectedRows = {
  source: name.exactOptional(),
  batch: id.exactOptional(),
  stream: name.exactOptional(),
  reason: id.exactOptional(),
};

/** What was read, and what was rejected. */
export const batchOperations = [
  operation({
    id: 'batches.list',
    method: 'GET',
    path: '/batches',
    summary: { vi: 'Các lô dữ liệu đã nhận', en: 'Batches' },
    query: { ...pageQuery, source: name.exactOptional() },
    output: page,
    grants: readers,
    run: (services, call, input) => services.batches.list(call, input),
  }),
  operation({
    id: 'batches.show',
    method: 'GET',
    path: '/batches/{batch}',
    summary: { vi: 'Một lô: số liệu, biên nhận', en: 'One batch: counts, receipts' },
    params: { batch: id },
    output: jsonObject,
    grants: readers,
    run: (services, call, input) => services.batches.show(call, input.batch),
  }),
  operation({
    id: 'batches.landed',
    method: 'GET',
    path: '/batches/{batch}/receipts/{n}',
    summary: { vi: 'Nguyên văn dữ liệu đã nhận', en: 'Landed bytes of one receipt' },
    params: { batch: id, n: z.coerce.number().int().min(0) },
    answers: 'file',
    grants: { steward: 'all', operator: 'all', department: 'own' },
    run: (services, call, input) => services.batches.landed(call, input.batch, input.n),
  }),
  operation({
    id: 'quarantine.list',
    method: 'GET',
    path: '/quarantine',
    summary: { vi: 'Các dòng bị cách ly', en: 'Quarantined rows' },
    query: { ...pageQuery, ...rejectedRows },
    output: page,
    grants: quarantineReaders,
    run: (services, call, input) => services.batches.quarantine(call, input),
  }),
  operation({
    id: 'quarantine.reasons',
    method: 'GET',
    path: '/quarantine/reasons',
    summary: { vi: 'Số dòng bị cách ly theo lý do', en: 'Quarantined rows by reason' },
    query: rejectedRows,
    output: jsonObjects,
    grants: quarantineReaders,
    run: (services, call, input) => services.batches.reasons(call, input),
  }),
  operation({
    id: 'quarantine.show',
    method: 'GET',
    path: '/quarantine/{row}',
    summary: { vi: 'Một dòng bị cách ly và lý do', en: 'One quarantined row and its reasons' },
    params: { row: id },
    output: jsonObject,
    grants: quarantineReaders,
    run: (services, call, input) => services.batches.quarantined(call, input.row),
  }),
  operation({
    id: 'quarantine.replay',
    method: 'POST',
    path: '/quarantine/replay',
    summary: { vi: 'Xử lý lại các dòng bị cách ly', en: 'Replay quarantined rows' },
    body: { batch: id.exactOptional(), source: name.exactOptional() },
    output: ingestResult,
    grants: { steward: 'all', operator: 'all', admin: 'all', department: 'own' },
    long: true,
    run: (services, call, input) => services.batches.replay(call, input),
  }),
  operation({
    id: 'quarantine.sheet',
    method: 'GET',
    path: '/batches/{batch}/rejected/{stream}',
    summary: {
      vi: 'Bảng tính các dòng bị cách ly của một lô, để sửa và gửi lại',
      en: 'Workbook of the rejected rows of a batch, to be corrected and sent back',
    },
    params: { batch: id, stream: name },
    answers: 'file',
    grants: quarantineReaders,
    run: (services, call, input) => services.batches.rejected(call, input.batch, input.stream),
  }),
  operation({
    id: 'quarantine.correct',
    method: 'POST',
    path: '/quarantine/correct',
    summary: {
      vi: 'Nhận bảng tính đã sửa (base64) của các dòng bị cách ly',
      en: 'Take in a corrected workbook (base64) of rejected rows',
    },
    body: { batch: id, name: z.string().min(1).max(200), content: z.base64().max(1_400_000) },
    output: ingestResult,
    grants: { steward: 'all', operator: 'all', admin: 'all', department: 'own' },
    long: true,
    run: (services, call, { batch, name: file, content }) =>
      services.batches.correct(call, {
        batch,
        name: file,
        bytes: Buffer.from(content, 'base64'),
      }),
  }),
];

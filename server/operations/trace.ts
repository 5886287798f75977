import { operation } from '../operation.ts';
import { flag, jsonObject, reference } from './field.ts';

/** From a figure to its bytes. */
export const traceOperations = [
  operation({
    id: 'trace.show',
    method: 'GET',
    path: '/trace',
    summary: { vi: 'Con số này từ đâu ra', en: 'Where a figure comes from' },
    query: { ref: reference, rows: flag.exactOptional() },
    output: jsonObject,
    grants: 'everyone',
    long: true,
    run: (services, call, { ref, ...options }) => services.trace.trace(call, ref, options),
  }),
  operation({
    id: 'trace.evidence',
    method: 'POST',
    path: '/trace/evidence',
    summary: { vi: 'Gói bằng chứng để kiểm tra ngoại tuyến', en: 'Evidence pack' },
    body: { ref: reference },
    answers: 'files',
    grants: { statistician: 'all', auditor: 'all', steward: 'all', operator: 'all' },
    long: true,
    run: (services, call, input) => services.trace.evidence(call, input.ref),
  }),
];

import { notFound } from '../refusal.ts';
import { operation } from '../operation.ts';
import {
  type FileLink,
  fileLinks,
  id,
  jsonInput,
  jsonObject,
  jsonObjects,
  page,
  pageQuery,
  reason,
} from './field.ts';
import type { Download } from '../../services/port.ts';

const params = { extract: id };
const requesters = { statistician: 'own', department: 'own', steward: 'all' } as const;
const readers = { ...requesters, auditor: 'all' } as const;
const stewards = { steward: 'all' } as const;

const requestOperations = [
  operation({
    id: 'extracts.datasets',
    method: 'GET',
    path: '/extracts/datasets',
    summary: { vi: 'Các tập dữ liệu có thể trích xuất', en: 'Datasets that can be extracted' },
    output: jsonObjects,
    grants: readers,
    run: (services, call) => services.extracts.datasets(call),
  }),
  operation({
    id: 'extracts.request',
    method: 'POST',
    path: '/extracts',
    summary: { vi: 'Yêu cầu trích xuất', en: 'Request an extract' },
    body: { request: jsonInput },
    output: jsonObject,
    grants: requesters,
    run: (services, call, input) => services.extracts.request(call, input.request),
  }),
  operation({
    id: 'extracts.list',
    method: 'GET',
    path: '/extracts',
    summary: { vi: 'Các yêu cầu trích xuất', en: 'Extracts' },
    query: pageQuery,
    output: page,
    grants: readers,
    run: (services, call, input) => services.extracts.list(call, input),
  }),
  operation({
    id: 'extracts.register',
    method: 'GET',
    path: '/extracts/register',
    summary: { vi: 'Sổ đăng ký trích xuất', en: 'Register of all extracts' },
    query: pageQuery,
    output: page,
    grants: { steward: 'all', auditor: 'all', leader: 'all' },
    run: (services, call, input) => services.extracts.register(call, input),
  }),
  operation({
    id: 'extracts.show',
    method: 'GET',
    path: '/extracts/{extract}',
    summary: { vi: 'Một yêu cầu trích xuất', en: 'One extract' },
    params,
    output: jsonObject,
    grants: readers,
    run: (services, call, input) => services.extracts.show(call, input.extract),
  }),
  operation({
    id: 'extracts.files',
    method: 'GET',
    path: '/extracts/{extract}/files',
    summary: { vi: 'Các tệp của gói trích xuất', en: 'Files of a ready extract' },
    params,
    output: fileLinks,
    grants: requesters,
    run: async (services, call, { extract }) => {
      const files = await services.extracts.files(call, extract);
      return { files: files.map((file) => linkTo(extract, file)) };
    },
  }),
  operation({
    id: 'extracts.file',
    method: 'GET',
    path: '/extracts/{extract}/files/{file}',
    summary: { vi: 'Tải một tệp của gói trích xuất', en: 'Download one file of an extract' },
    params: { ...params, file: id },
    answers: 'file',
    grants: requesters,
    run: async (services, call, { extract, file }) =>
      fileNamed(await services.extracts.files(call, extract), file),
  }),
];

const decisionOperations = [
  operation({
    id: 'extracts.approve',
    method: 'POST',
    path: '/extracts/{extract}/approve',
    summary: { vi: 'Phê duyệt trích xuất', en: 'Approve an extract' },
    params,
    output: jsonObject,
    grants: stewards,
    long: true,
    run: (services, call, input) => services.extracts.approve(call, input.extract),
  }),
  operation({
    id: 'extracts.reject',
    method: 'POST',
    path: '/extracts/{extract}/reject',
    summary: { vi: 'Từ chối trích xuất', en: 'Reject an extract' },
    params,
    body: { reason },
    output: jsonObject,
    grants: stewards,
    run: (services, call, input) => services.extracts.reject(call, input.extract, input.reason),
  }),
  operation({
    id: 'extracts.return',
    method: 'POST',
    path: '/extracts/{extract}/return',
    summary: { vi: 'Trả lại để sửa', en: 'Return for changes' },
    params,
    body: { reason },
    output: jsonObject,
    grants: stewards,
    run: (services, call, input) => services.extracts.return(call, input.extract, input.reason),
  }),
  operation({
    id: 'extracts.revoke',
    method: 'POST',
    path: '/extracts/{extract}/revoke',
    summary: { vi: 'Thu hồi gói trích xuất', en: 'Revoke an extract' },
    params,
    body: { reason },
    output: jsonObject,
    grants: stewards,
    run: (services, call, input) => services.extracts.revoke(call, input.extract, input.reason),
  }),
];

/** What statisticians request and receive. */
export const extractOperations = [...requestOperations, ...decisionOperations];

/** Every download asks the service again: an extract may be revoked or expire in between. */
function linkTo(extract: string, { name, mediaType }: Download): FileLink {
  const path = `${encodeURIComponent(extract)}/files/${encodeURIComponent(name)}`;
  return { name, mediaType, url: `/api/v1/extracts/${path}` };
}

function fileNamed(files: readonly Download[], name: string): Download {
  const found = files.find((file) => file.name === name);
  if (!found) throw notFound(name);
  return found;
}

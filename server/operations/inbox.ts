import { z } from 'zod';
import { operation } from '../operation.ts';
import { jsonObject, name } from './field.ts';

const senders = { operator: 'all', admin: 'all', department: 'own' } as const;
const readers = { ...senders, steward: 'all', auditor: 'all' } as const;
const count = z.int().min(0);
const state = z.object({ upload: z.string(), offset: count, done: z.boolean() });

/** What a sender says of a file; the same three values name the same upload when it is resumed. */
const file = {
  name: z.string().min(1).max(200),
  bytes: z.int().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
};

/** Files that people send to a source. */
export const inboxOperations = [
  operation({
    id: 'inbox.begin',
    method: 'POST',
    path: '/sources/{source}/uploads',
    summary: {
      vi: 'Bắt đầu hoặc hỏi tiếp một tệp gửi tới nguồn: cho biết gửi tiếp từ byte nào',
      en: 'Begin or resume a file for a source: says at which byte to go on',
    },
    params: { source: name },
    body: file,
    output: state,
    grants: senders,
    run: (services, call, { source, ...given }) => services.inbox.begin(call, source, given),
  }),
  operation({
    id: 'inbox.append',
    method: 'POST',
    path: '/sources/{source}/uploads/parts',
    summary: {
      vi: 'Gửi phần tiếp theo của tệp (Base64); phần cuối được đối chiếu SHA-256',
      en: 'Send the next part of a file (Base64); after the last one the SHA-256 is compared',
    },
    params: { source: name },
    body: { ...file, offset: count, part: z.base64().max(1_000_000) },
    output: state,
    grants: senders,
    run: (services, call, { source, offset, part, ...given }) =>
      services.inbox.append(call, source, given, { offset, bytes: Buffer.from(part, 'base64') }),
  }),
  operation({
    id: 'inbox.files',
    method: 'GET',
    path: '/sources/{source}/inbox',
    summary: { vi: 'Các tệp đã gửi tới nguồn', en: 'Files that were sent to a source' },
    params: { source: name },
    output: z.array(z.object({ name: z.string(), bytes: count, note: jsonObject })),
    grants: readers,
    run: (services, call, { source }) => services.inbox.files(call, source),
  }),
];

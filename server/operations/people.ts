import { z } from 'zod';
import { operation } from '../operation.ts';
import { jsonObject, jsonObjects, name, role } from './field.ts';

const readers = { admin: 'all', auditor: 'all' } as const;
const admins = { admin: 'all' } as const;

/** Who may come in. */
export const peopleOperations = [
  operation({
    id: 'users.list',
    method: 'GET',
    path: '/users',
    summary: { vi: 'Người dùng', en: 'Users' },
    output: jsonObjects,
    grants: readers,
    run: (services, call) => services.people.users(call),
  }),
  operation({
    id: 'users.add',
    method: 'POST',
    path: '/users',
    summary: { vi: 'Thêm người dùng', en: 'Add a user' },
    body: {
      name,
      roles: z.array(role).min(1),
      agency: z.string().min(1).max(100).exactOptional(),
      password: z.string().min(1).max(1024),
    },
    output: jsonObject,
    grants: admins,
    run: (services, call, input) => services.people.addUser(call, input),
  }),
  operation({
    id: 'users.remove',
    method: 'DELETE',
    path: '/users/{user}',
    summary: { vi: 'Gỡ người dùng', en: 'Remove a user' },
    params: { user: name },
    output: jsonObject,
    grants: admins,
    run: (services, call, input) => services.people.removeUser(call, input.user),
  }),
  operation({
    id: 'tokens.list',
    method: 'GET',
    path: '/tokens',
    summary: { vi: 'Mã truy cập của chương trình', en: 'Tokens of programs' },
    output: jsonObjects,
    grants: readers,
    run: (services, call) => services.people.tokens(call),
  }),
  operation({
    id: 'tokens.add',
    method: 'POST',
    path: '/tokens',
    summary: { vi: 'Cấp mã truy cập', en: 'Issue a token' },
    body: { name, user: name, days: z.int().min(1).max(366) },
    output: jsonObject,
    grants: admins,
    run: (services, call, input) => services.people.addToken(call, input),
  }),
  operation({
    id: 'tokens.revoke',
    method: 'DELETE',
    path: '/tokens/{token}',
    summary: { vi: 'Thu hồi mã truy cập', en: 'Revoke a token' },
    params: { token: name },
    output: jsonObject,
    grants: admins,
    run: (services, call, input) => services.people.revokeToken(call, input.token),
  }),
];

import type { Localized } from '../../core/localized.ts';
import { pathTo } from '../api-client.ts';
import type { CommandSpec, Given } from '../command-spec.ts';
import { presentItems, presentObject } from '../present.ts';
import type { Shell } from '../shell.ts';
import { usageError } from '../usage-error.ts';
import { wholeNumber } from '../whole-number.ts';

/** `phusa user …`, `phusa token …` */
export const peopleCommands: readonly CommandSpec[] = [
  list('user list', '/users', { vi: 'Người dùng', en: 'Users' }),
  {
    usage: 'user add <name>',
    summary: { vi: 'Thêm người dùng', en: 'Add a user' },
    options: [
      {
        flags: '--role <roles...>',
        summary: { vi: 'vai trò, có thể nhiều', en: 'roles, one or more' },
        required: true,
      },
      { flags: '--agency <code>', summary: { vi: 'mã đơn vị', en: 'code of the agency' } },
      {
        flags: '--password-env <variable>',
        summary: {
          vi: 'biến môi trường chứa mật khẩu',
          en: 'environment variable with the password',
        },
        required: true,
      },
    ],
    run: addUser,
  },
  remove('user remove <name>', 'users', { vi: 'Gỡ người dùng', en: 'Remove a user' }),
  list('token list', '/tokens', { vi: 'Mã truy cập', en: 'Tokens' }),
  {
    usage: 'token add <name>',
    summary: { vi: 'Cấp mã truy cập (chỉ hiện một lần)', en: 'Issue a token (shown once)' },
    options: [
      {
        flags: '--user <user>',
        summary: { vi: 'của người dùng', en: 'of the user' },
        required: true,
      },
      {
        flags: '--days <days>',
        summary: { vi: 'số ngày hiệu lực (90)', en: 'days it holds (90)' },
      },
    ],
    run: async (shell, given) => {
      const days = wholeNumber(given.optional('days') ?? '90');
      const body = { name: given.text('name'), user: given.text('user'), days };
      const result = await shell.api.call({ method: 'POST', path: '/tokens', body });
      shell.show(result, () => presentObject(result, shell.language));
    },
  },
  remove('token revoke <name>', 'tokens', { vi: 'Thu hồi mã truy cập', en: 'Revoke a token' }),
];

function list(usage: string, path: string, summary: Localized): CommandSpec {
  return {
    usage,
    summary,
    run: async (shell) => {
      const result = await shell.api.call({ method: 'GET', path });
      shell.show(result, () => presentItems(result, shell.language));
    },
  };
}

function remove(usage: string, collection: string, summary: Localized): CommandSpec {
  return {
    usage,
    summary,
    run: async (shell, given) => {
      const path = pathTo`/${collection}/${given.text('name')}`;
      const result = await shell.api.call({ method: 'DELETE', path });
      shell.show(result, () => presentObject(result, shell.language));
    },
  };
}

/** Passwords never stand in the command line: other users of the machine could read them there. */
async function addUser(shell: Shell, given: Given): Promise<void> {
  const variable = given.text('passwordEnv');
  const password = shell.environment.env[variable];
  if (password === undefined) {
    throw usageError({
      vi: `Biến môi trường ${variable} chưa được đặt.`,
      en: `The environment variable ${variable} is not set.`,
    });
  }
  const body = {
    name: given.text('name'),
    roles: given.list('role'),
    password,
    ...given.pick('agency'),
  };
  const result = await shell.api.call({ method: 'POST', path: '/users', body });
  shell.show(result, () => presentObject(result, shell.language));
}

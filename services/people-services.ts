import type { LoginThrottle } from '../control/login-throttle.ts';
import type { Sessions } from '../control/sessions.ts';
import type { Tokens } from '../control/tokens.ts';
import type { Users } from '../control/users.ts';
import { PhusaError } from '../core/errors.ts';
import { asJson } from '../core/json-member.ts';
import { roles, type Role } from '../core/role.ts';
import type { PeopleServices } from './port.ts';

/** What people, sessions and tokens work with. */
export interface PeopleServiceDependencies {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly throttle: LoginThrottle;
}

/** People: sign-in, sessions, users, tokens. */
export function createPeopleServices(deps: PeopleServiceDependencies): PeopleServices {
  const { users, sessions, tokens } = deps;
  return {
    signIn: (name, password, from) => signIn(deps, name, password, from),
    session: (id) => sessions.find(id),
    signOut: (id) => sessions.end(id),
    token: (bearer) => tokens.find(bearer),
    users: async () => (await users.list()).map(asJson),
    addUser: async (call, user) => {
      const person = await users.add({ ...user, roles: knownRoles(user.roles) }, call.person.actor);
      return asJson(person);
    },
    removeUser: async (call, name) => {
      await users.remove(name, call.person.actor);
      return { name, removed: true };
    },
    tokens: async () =>
      (await tokens.list()).map((row) => ({ name: row.id, status: row.status, ...row.data })),
    addToken: async (call, token) => ({
      name: token.name,
      ...(await tokens.add(token, call.person.actor)),
    }),
    revokeToken: async (call, name) => {
      await tokens.revoke(name, call.person.actor);
      return { name, revoked: true };
    },
  };
}

async function signIn(
  deps: PeopleServiceDependencies,
  name: string,
  password: string,
  from: string,
) {
  if (!(await deps.throttle.admit(name, from))) throw tooManyTries();
  const person = await deps.users.authenticate(name, password);
  if (!person) throw wrongPassword();
  await deps.throttle.forgive(name, from);
  const { id, expires } = await deps.sessions.begin(person);
  return { session: id, person, expires };
}

function knownRoles(names: readonly string[]): readonly Role[] {
  const unknown = names.filter((name) => !roles.some((role) => role === name));
  if (unknown.length > 0) {
    throw new PhusaError({
      group: 'data',
      code: 'user-role-unknown',
      message: {
        vi: `Không có vai trò ${unknown.join(', ')}.`,
        en: `There is no role ${unknown.join(', ')}.`,
      },
      remedy: { vi: `Các vai trò: ${roles.join(', ')}.`, en: `Roles: ${roles.join(', ')}.` },
    });
  }
  return roles.filter((role) => names.includes(role));
}

function wrongPassword(): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'sign-in-failed',
    message: { vi: 'Tên đăng nhập hoặc mật khẩu không đúng.', en: 'Name or password is wrong.' },
  });
}

function tooManyTries(): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'too-many-tries',
    message: {
      vi: 'Đăng nhập sai quá nhiều lần; thử lại sau 15 phút.',
      en: 'Too many failed tries; try again in 15 minutes.',
    },
  });
}

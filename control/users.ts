import { PhusaError } from '../core/errors.ts';
import type { Person } from '../core/person.ts';
import { roles, type Role } from '../core/role.ts';
import type { Passwords } from './passwords.ts';
import type { StateRow } from './port.ts';
import type { HomeJournalWriter, HomeStore } from './store.ts';

/** A user to be added. */
export interface NewUser {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly agency?: string;
  readonly password: string;
}

/** The people of a home. Every change of password, roles or standing ends the user's sessions at once (I07). */
export interface Users {
  /** Throws data `user-exists`, `user-name-invalid`, `user-role-unknown`, `password-unfit`. */
  add(user: NewUser, actor: string): Promise<Person>;
  setPassword(name: string, password: string, actor: string): Promise<void>;
  setRoles(name: string, roles: readonly Role[], actor: string): Promise<void>;
  /** Throws data `user-unknown`. */
  remove(name: string, actor: string): Promise<void>;
  /** The person, if active. */
  find(name: string): Promise<Person | undefined>;
  list(): Promise<readonly Person[]>;
  /** The person whose password it is; equally slow and silent for an unknown name (I04). Rehashes at today's cost. */
  authenticate(name: string, password: string): Promise<Person | undefined>;
}

/** Opens the users of a home. */
export function openUsers(store: HomeStore, passwords: Passwords): Users {
  return {
    add: (user, actor) => addUser(store, passwords, user, actor),
    setPassword: async (name, password, actor) => {
      const hash = await passwords.hash(password);
      await changeUser(store, name, async (journal) => {
        await writePassword(journal, name, hash);
        await journal.record({ kind: 'user.password-set', subject: name, actor, data: {} });
      });
    },
    setRoles: (name, wanted, actor) =>
      changeUser(store, name, async (journal) => {
        const data = { roles: wanted.map(knownRole) };
        await journal.record({ kind: 'user.roles-set', subject: name, actor, data });
      }),
    remove: (name, actor) =>
      changeUser(store, name, async (journal) => {
        await journal.removable.remove('password', name);
        const data = { status: 'removed' };
        await journal.record({ kind: 'user.removed', subject: name, actor, data });
      }),
    find: async (name) => personOf(await store.get('user', name)),
    list: async () => {
      const { rows } = await store.list('user', { status: ['active'], limit: 10_000 });
      return rows.flatMap((row) => personOf(row) ?? []);
    },
    authenticate: (name, password) => authenticate(store, passwords, name, password),
  };
}

async function addUser(
  store: HomeStore,
  passwords: Passwords,
  user: NewUser,
  actor: string,
): Promise<Person> {
  const { name, agency } = user;
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(name)) throw nameInvalid(name);
  const data = {
    roles: user.roles.map(knownRole),
    status: 'active',
    ...(agency === undefined ? {} : { agency }),
  };
  const hash = await passwords.hash(user.password);
  await store.decide(async (journal) => {
    if (await journal.get('user', name)) throw userExists(name);
    await writePassword(journal, name, hash);
    await journal.record({ kind: 'user.added', subject: name, actor, data });
  });
  return { actor: `user:${name}`, name, ...data };
}

/** Runs a change of an active user and ends the sessions. */
function changeUser(
  store: HomeStore,
  name: string,
  change: (journal: HomeJournalWriter) => Promise<void>,
): Promise<void> {
  return store.decide(async (journal) => {
    if ((await journal.get('user', name))?.status !== 'active') throw userUnknown(name);
    await change(journal);
    await journal.removable.removeOfOwner('session', name);
  });
}

async function authenticate(
  store: HomeStore,
  passwords: Passwords,
  name: string,
  password: string,
): Promise<Person | undefined> {
  const person = personOf(await store.get('user', name));
  const stored = person && (await store.removable.read('password', name))?.body;
  if (!(await passwords.matches(stored, password)) || stored === undefined) return undefined;
  if (passwords.isOutdated(stored)) {
    const hash = await passwords.hash(password);
    await store.decide((journal) => writePassword(journal, name, hash));
  }
  return person;
}

async function writePassword(
  journal: HomeJournalWriter,
  name: string,
  hash: string,
): Promise<void> {
  const row = { kind: 'password', id: name, owner: name, version: 1, body: hash } as const;
  await journal.removable.write({ ...row, expiresAt: undefined });
}

function personOf(row: StateRow | undefined): Person | undefined {
  if (row?.status !== 'active') return undefined;
  const { roles: held, agency } = row.data;
  const name = row.id;
  return {
    actor: `user:${name}`,
    name,
    roles: roles.filter((role) => Array.isArray(held) && held.includes(role)),
    ...(typeof agency === 'string' ? { agency } : {}),
  };
}

function knownRole(role: string): Role {
  const known = roles.find((member) => member === role);
  if (known !== undefined) return known;
  throw new PhusaError({
    group: 'data',
    code: 'user-role-unknown',
    message: { vi: `Không có vai trò "${role}".`, en: `There is no role "${role}".` },
    remedy: { vi: `Chọn: ${roles.join(', ')}.`, en: `Choose of: ${roles.join(', ')}.` },
    place: { field: 'roles', value: role },
  });
}

function nameInvalid(name: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'user-name-invalid',
    message: { vi: `Tên người dùng không hợp lệ: "${name}".`, en: `Not a user name: "${name}".` },
    remedy: {
      vi: 'Chữ thường không dấu, số, dấu chấm, gạch; tối đa 64 ký tự.',
      en: 'Lower-case letters, digits, dot, hyphen and underscore; at most 64 characters.',
    },
    place: { field: 'name', value: name },
  });
}

function userExists(name: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'user-exists',
    message: { vi: `Đã có người dùng "${name}".`, en: `There is a user "${name}" already.` },
    remedy: { vi: 'Chọn tên khác.', en: 'Choose another name.' },
    place: { field: 'name', value: name },
  });
}

function userUnknown(name: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'user-unknown',
    message: { vi: `Không có người dùng "${name}".`, en: `There is no user "${name}".` },
    remedy: { vi: 'Xem: phusa user list.', en: 'See: phusa user list.' },
    place: { field: 'name', value: name },
  });
}

import type { Clock } from '../core/clock.ts';
import { PhusaError } from '../core/errors.ts';
import type { Person } from '../core/person.ts';
import { randomSecret, secretHash } from './random-secret.ts';
import type { StateRow } from './port.ts';
import type { HomeStore } from './store.ts';
import type { Users } from './users.ts';

const day = 86_400_000;

/** A bearer token to be made: it acts as `user`, for so many days. */
export interface NewToken {
  readonly name: string;
  readonly user: string;
  readonly days: number;
}

/** Bearer tokens of programs (I17). */
export interface Tokens {
  /** Makes a token and tells it once. Throws data `token-exists`, `token-user-unknown`, `token-days-invalid`. */
  add(
    token: NewToken,
    actor: string,
  ): Promise<{ readonly bearer: string; readonly expires: string }>;
  /** Who acts with it; undefined once expired, revoked, or its user removed. */
  find(bearer: string): Promise<Person | undefined>;
  /** Throws data `token-unknown`. */
  revoke(name: string, actor: string): Promise<void>;
  /** All tokens ever made, newest first; never the bearer itself. */
  list(): Promise<readonly StateRow[]>;
}

/** Opens the tokens of a home. The bearer is kept only as a hash. */
export function openTokens(store: HomeStore, users: Users, clock: Clock): Tokens {
  return {
    add: (token, actor) => addToken(store, users, clock, token, actor),
    find: (bearer) => findToken(store, users, clock, bearer),
    revoke: (name, actor) =>
      store.decide(async (journal) => {
        if ((await journal.get('token', name))?.status !== 'active') throw unknown(name);
        await journal.removable.removeOfOwner('token', name);
        const data = { status: 'revoked' };
        await journal.record({ kind: 'token.revoked', subject: name, actor, data });
      }),
    list: async () => (await store.list('token', { limit: 10_000 })).rows,
  };
}

async function addToken(
  store: HomeStore,
  users: Users,
  clock: Clock,
  { name, user, days }: NewToken,
  actor: string,
): Promise<{ readonly bearer: string; readonly expires: string }> {
  if (!(days > 0 && days <= 366)) throw refusal('token-days-invalid', 'days', String(days));
  if (!(await users.find(user))) throw refusal('token-user-unknown', 'user', user);
  const bearer = `phusa_${randomSecret(256)}`;
  const expires = new Date(clock.now().getTime() + days * day).toISOString();
  await store.decide(async (journal) => {
    if (await journal.get('token', name)) throw refusal('token-exists', 'name', name);
    const id = secretHash(bearer);
    const row = { kind: 'token', id, owner: name, version: 1, body: user } as const;
    await journal.removable.write({ ...row, expiresAt: expires });
    const data = { user, expires, status: 'active' };
    await journal.record({ kind: 'token.added', subject: name, actor, data });
  });
  return { bearer, expires };
}

async function findToken(
  store: HomeStore,
  users: Users,
  clock: Clock,
  bearer: string,
): Promise<Person | undefined> {
  const row = await store.removable.read('token', secretHash(bearer));
  if (!row || (row.expiresAt ?? '') <= clock.now().toISOString()) return undefined;
  const person = await users.find(row.body);
  return person && { ...person, actor: `token:${row.owner}` };
}

function unknown(name: string): PhusaError {
  return refusal('token-unknown', 'name', name);
}

const texts = {
  'token-unknown': { vi: 'Không có mã truy cập', en: 'There is no active token' },
  'token-exists': { vi: 'Đã có mã truy cập', en: 'There is a token already' },
  'token-user-unknown': { vi: 'Không có người dùng', en: 'There is no user' },
  'token-days-invalid': { vi: 'Số ngày phải từ 1 đến 366', en: 'Days must be 1 to 366' },
} as const;

function refusal(code: keyof typeof texts, field: string, value: string): PhusaError {
  const text = texts[code];
  return new PhusaError({
    group: 'data',
    code,
    message: { vi: `${text.vi}: ${value}.`, en: `${text.en}: ${value}.` },
    remedy: { vi: 'Xem: phusa token list.', en: 'See: phusa token list.' },
    place: { field, value },
  });
}

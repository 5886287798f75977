import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLoginThrottle } from '../../control/login-throttle.ts';
import { openPasswords, passwordCost } from '../../control/passwords.ts';
import { openSessions, sessionLife, type Sessions } from '../../control/sessions.ts';
import { openControlStore, type HomeStore } from '../../control/store.ts';
import { openTokens, type Tokens } from '../../control/tokens.ts';
import { openUsers, type Users } from '../../control/users.ts';

/** OWASP's least, so that the tests are quick. */
const cheap = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const password = 'dòng sông chảy chậm';
const minute = 60_000;

describe('people', () => {
  let root = '';
  let now = new Date();
  let store: HomeStore;
  let users: Users;
  let sessions: Sessions;
  let tokens: Tokens;
  const clock = { now: (): Date => now };
  const later = (ms: number): void => {
    now = new Date(now.getTime() + ms);
  };

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'phusa-people-'));
    now = new Date('2026-07-01T00:00:00Z');
    store = await openControlStore({
      database: { kind: 'sqlite', path: join(root, 'control.sqlite') },
      clock,
    });
    users = openUsers(store, openPasswords(cheap));
    sessions = openSessions(store, users, clock);
    tokens = openTokens(store, users, clock);
    await users.add(
      { name: 'lan', roles: ['steward', 'auditor'], agency: 'STC', password },
      'local',
    );
  });
  afterEach(async () => {
    await store.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('knows a person by the password, in either Unicode form', async () => {
    const lan = {
      actor: 'user:lan',
      name: 'lan',
      roles: ['auditor', 'steward'],
      agency: 'STC',
    };
    expect(await users.authenticate('lan', password)).toEqual(lan);
    expect(await users.authenticate('lan', password.normalize('NFD'))).toEqual(lan);
    expect(await users.authenticate('lan', `${password}!`)).toBeUndefined();
    expect(await users.authenticate('nobody', password)).toBeUndefined();
    expect(await users.list()).toEqual([lan]);
  });

  it('I01 refuses unfit passwords, names and roles', async () => {
    const add = (name: string, text: string, role = 'leader'): Promise<unknown> =>
      // @ts-expect-error -- a role from outside may be any text
      users.add({ name, roles: [role], password: text }, 'local');
    await expect(add('an', 'short')).rejects.toMatchObject({ code: 'password-unfit' });
    await expect(add('an', 'x'.repeat(129))).rejects.toMatchObject({ code: 'password-unfit' });
    await expect(add('An Nguyễn', password)).rejects.toMatchObject({ code: 'user-name-invalid' });
    await expect(add('lan', password)).rejects.toMatchObject({ code: 'user-exists' });
    await expect(add('an', password, 'root')).rejects.toMatchObject({ code: 'user-role-unknown' });
    await expect(add('an', 'ô'.repeat(128))).resolves.toMatchObject({ roles: ['leader'] });
  });

  it('I02 refuses hashing below the least cost', () => {
    for (const cost of [
      { ...cheap, memoryCost: 19_455 },
      { ...cheap, timeCost: 1 },
    ])
      expect(() => openPasswords(cost)).toThrow('too low');
  });

  it('I03 rehashes at sign-in when the cost rose', async () => {
    const dearer = openUsers(store, openPasswords({ ...cheap, timeCost: 3 }));
    expect(await dearer.authenticate('lan', password)).toBeDefined();
    expect((await store.removable.read('password', 'lan'))?.body).toContain('m=19456,t=3,p=1');
    expect(openPasswords().isOutdated(await hash(password, passwordCost))).toBe(false);
  });

  it('I04 takes as long for a name that does not exist', async () => {
    const took = async (name: string): Promise<number> => {
      const times = [];
      for (let n = 0; n < 5; n += 1) {
        const started = performance.now();
        await users.authenticate(name, 'wrong password');
        times.push(performance.now() - started);
      }
      return Math.min(...times);
    };
    await took('nobody');
    expect((await took('nobody')) / (await took('lan'))).toBeGreaterThan(0.4);
  });

  it('keeps no password, session or token in the clear', async () => {
    const { id } = await sessions.begin({ actor: 'user:lan', name: 'lan', roles: [] });
    const { bearer } = await tokens.add({ name: 'robot', user: 'lan', days: 1 }, 'local');
    const files = readdirSync(root).map((name) => readFileSync(join(root, name)));
    for (const secret of [password, id, bearer])
      for (const bytes of files) expect(bytes.includes(secret)).toBe(false);
    const kinds = [];
    for await (const entry of store.journal()) {
      kinds.push(entry.kind);
      expect(JSON.stringify(entry)).not.toContain('argon2');
    }
    expect(kinds).toEqual(['home.created', 'user.added', 'access.signed-in', 'token.added']);
  });

  it('I06 gives a new id at sign-in and ends the former', async () => {
    const lan = { actor: 'user:lan', name: 'lan', roles: [] } as const;
    const first = await sessions.begin(lan);
    expect(Buffer.from(first.id, 'base64url')).toHaveLength(16);
    const second = await sessions.begin(lan, first.id);
    expect(second.id).not.toBe(first.id);
    expect(await sessions.find(first.id)).toBeUndefined();
    expect(await sessions.find(second.id)).toMatchObject({ name: 'lan', agency: 'STC' });
    await sessions.end(second.id);
    expect(await sessions.find(second.id)).toBeUndefined();
    expect(await sessions.find('')).toBeUndefined();
  });

  it('I08 ends when idle, and in the end in any case', async () => {
    const begin = (): Promise<{ id: string }> =>
      sessions.begin({ actor: 'user:lan', name: 'lan', roles: [] });
    const { id: idle } = await begin();
    later(sessionLife.idle);
    expect(await sessions.find(idle)).toBeUndefined();
    const { id: busy } = await begin();
    for (let passed = 0; passed + 20 * minute < sessionLife.absolute; passed += 20 * minute) {
      later(20 * minute);
      expect(await sessions.find(busy)).toBeDefined();
    }
    later(20 * minute);
    expect(await sessions.find(busy)).toBeUndefined();
  });

  it.each<[string, (on: Users) => Promise<void>]>([
    ['a new password', (on) => on.setPassword('lan', 'một mật khẩu khác', 'local')],
    ['other roles', (on) => on.setRoles('lan', ['auditor'], 'local')],
    ['removal', (on) => on.remove('lan', 'local')],
  ])('I07 %s ends every session at once', async (_, change) => {
    const person = { actor: 'user:lan', name: 'lan', roles: [] };
    const ids = [(await sessions.begin(person)).id, (await sessions.begin(person)).id];
    await change(users);
    for (const id of ids) expect(await sessions.find(id)).toBeUndefined();
    expect(await store.verify()).toMatchObject({ intact: true });
  });

  it('I17 tokens act as their user until they expire or are revoked', async () => {
    const { bearer } = await tokens.add({ name: 'robot', user: 'lan', days: 2 }, 'local');
    expect(await tokens.find(bearer)).toMatchObject({
      actor: 'token:robot',
      roles: ['auditor', 'steward'],
    });
    expect(await tokens.find(`${bearer}x`)).toBeUndefined();
    await expect(
      tokens.add({ name: 'robot', user: 'lan', days: 2 }, 'local'),
    ).rejects.toMatchObject({ code: 'token-exists' });
    await expect(tokens.add({ name: 'r2', user: 'eve', days: 2 }, 'local')).rejects.toMatchObject({
      code: 'token-user-unknown',
    });
    await expect(tokens.add({ name: 'r2', user: 'lan', days: 0 }, 'local')).rejects.toMatchObject({
      code: 'token-days-invalid',
    });
    const { bearer: other } = await tokens.add({ name: 'other', user: 'lan', days: 2 }, 'local');
    await tokens.revoke('other', 'local');
    expect(await tokens.find(other)).toBeUndefined();
    await expect(tokens.revoke('other', 'local')).rejects.toMatchObject({ code: 'token-unknown' });
    expect((await tokens.list()).map(({ id, status }) => [id, status])).toEqual([
      ['other', 'revoked'],
      ['robot', 'active'],
    ]);
    later(2 * 24 * 60 * minute);
    expect(await tokens.find(bearer)).toBeUndefined();
  });

  it('I17 a removed user takes the tokens along', async () => {
    const { bearer } = await tokens.add({ name: 'robot', user: 'lan', days: 2 }, 'local');
    await users.remove('lan', 'local');
    expect(await tokens.find(bearer)).toBeUndefined();
    expect(await users.authenticate('lan', password)).toBeUndefined();
  });

  it('I05 stops guessing at one account, and spraying from one address', async () => {
    const throttle = openLoginThrottle(store, clock);
    const tries = async (
      account: (n: number) => string,
      count: number,
      from: string,
    ): Promise<number> => {
      let admitted = 0;
      for (let n = 0; n < count; n += 1) if (await throttle.admit(account(n), from)) admitted += 1;
      return admitted;
    };
    expect(await tries(() => 'lan', 15, '10.0.0.1')).toBe(10);
    expect(await throttle.admit('lan', '10.0.0.2')).toBe(true);
    expect(await tries((n) => `user${n}`, 150, '10.0.0.3')).toBe(100);
    later(15 * minute);
    expect(await tries(() => 'lan', 3, '10.0.0.1')).toBe(3);
    await throttle.forgive('lan', '10.0.0.1');
    expect(await tries(() => 'lan', 15, '10.0.0.1')).toBe(10);
  });
});

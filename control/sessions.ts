import type { Clock } from '../core/clock.ts';
import type { Person } from '../core/person.ts';
import { randomSecret, secretHash } from './random-secret.ts';
import type { HomeJournalWriter, HomeStore } from './store.ts';
import type { Users } from './users.ts';

/** How long a session lives (I08), in milliseconds. */
export interface SessionLife {
  readonly idle: number;
  readonly absolute: number;
}

/** Half an hour without a request, half a day in all. */
export const sessionLife: SessionLife = { idle: 30 * 60_000, absolute: 12 * 3_600_000 };

/** Prolonging is written at most once a minute, so that reading a page does not write to the disk each time. */
const prolongEvery = 60_000;

/** A session just begun: its id is told once and kept only as a hash. */
export interface NewSession {
  readonly id: string;
  /** ISO instant beyond which it never lives. */
  readonly expires: string;
}

/** Sessions of people in the portal. */
export interface Sessions {
  /** Begins a session, ending `former` where the caller had one: an id never survives a sign-in (I06). */
  begin(person: Person, former?: string): Promise<NewSession>;
  /** Whose session it is, prolonged by the idle time; undefined once expired, ended, or its user changed. */
  find(id: string): Promise<Person | undefined>;
  end(id: string): Promise<void>;
}

/** Opens the sessions of a home. */
export function openSessions(
  store: HomeStore,
  users: Users,
  clock: Clock,
  life: SessionLife = sessionLife,
): Sessions {
  return {
    begin: (person, former) =>
      store.decide(async (journal) => {
        await journal.removable.removeExpired('session', clock.now().toISOString());
        if (former !== undefined) await journal.removable.remove('session', secretHash(former));
        const id = randomSecret(128);
        const end = new Date(clock.now().getTime() + life.absolute).toISOString();
        await write(journal, { hash: secretHash(id), name: person.name, end }, clock, life);
        const { actor, name } = person;
        await journal.record({ kind: 'access.signed-in', subject: name, actor, data: {} });
        return { id, expires: end };
      }),
    find: (id) => findSession(store, users, clock, life, id),
    end: (id) => store.decide(({ removable }) => removable.remove('session', secretHash(id))),
  };
}

interface SessionRow {
  readonly hash: string;
  readonly name: string;
  /** ISO instant: the absolute end. */
  readonly end: string;
}

async function findSession(
  store: HomeStore,
  users: Users,
  clock: Clock,
  life: SessionLife,
  id: string,
): Promise<Person | undefined> {
  const row = await store.removable.read('session', secretHash(id));
  const now = clock.now().getTime();
  const left = Date.parse(row?.expiresAt ?? '') - now;
  if (!row || !(left > 0)) return undefined;
  if (left < life.idle - prolongEvery && Date.parse(row.body) - now > left)
    await store.decide(async (journal) => {
      if (!(await journal.removable.read('session', row.id))) return;
      await write(journal, { hash: row.id, name: row.owner, end: row.body }, clock, life);
    });
  return users.find(row.owner);
}

async function write(
  journal: HomeJournalWriter,
  { hash, name, end }: SessionRow,
  clock: Clock,
  life: SessionLife,
): Promise<void> {
  const idleEnd = new Date(clock.now().getTime() + life.idle).toISOString();
  const expiresAt = idleEnd < end ? idleEnd : end;
  const row = { kind: 'session', id: hash, owner: name, version: 1, body: end } as const;
  await journal.removable.write({ ...row, expiresAt });
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryHash, type StoredEntry } from '../../control/journal-entry.ts';
import { openControlStore, type HomeStore } from '../../control/store.ts';

const entries = 12;

/** A change behind the store's back; false where it would change nothing. */
type Tampering = (db: Database.Database, at: number, other: number) => boolean;

const rowAt = (db: Database.Database, seq: number): StoredEntry =>
  db.prepare('select * from journal where seq = ?').get(seq) as StoredEntry;

/** Rewrites the chain from an entry on, as one who knows our rule would, and moves the head along. */
function rechain(db: Database.Database, from: number): void {
  let previous = from > 1 ? rowAt(db, from - 1).hash : '0'.repeat(64);
  for (let seq = from; seq <= entries; seq += 1) {
    const row = { ...rowAt(db, seq), previous };
    const hash = entryHash(row);
    db.prepare('update journal set previous = ?, hash = ? where seq = ?').run(previous, hash, seq);
    previous = hash;
  }
  db.prepare('update journal_head set hash = ?').run(previous);
}

const swap = (db: Database.Database, column: string, a: number, b: number): void => {
  db.exec(`update journal set ${column} = (select ${column} from journal j where j.seq = ${a} + ${b} - journal.seq)
           where seq in (${a}, ${b})`);
};

const tamperings: Readonly<Record<string, Tampering>> = {
  'J11 edits data': (db, at) =>
    db.prepare(`update journal set data = '{"status":"forged"}' where seq = ?`).run(at).changes > 0,
  'J11 edits an actor': (db, at) =>
    db.prepare(`update journal set actor = 'user:eve' where seq = ?`).run(at).changes > 0,
  'J11 respells data': (db, at) =>
    db.prepare(`update journal set data = data || ' ' where seq = ?`).run(at).changes > 0,
  'J12 deletes from the middle': (db, at) =>
    at < entries && db.prepare('delete from journal where seq = ?').run(at).changes > 0,
  'J13 deletes the tail': (db, at) =>
    db.prepare('delete from journal where seq >= ?').run(at).changes > 0,
  'J13 deletes the tail, its states and moves the head': (db, at) => {
    if (at < 3) return false;
    db.prepare('delete from journal where seq >= ?').run(at);
    db.prepare('delete from state where seq >= ?').run(at);
    const { seq, at: time, hash } = rowAt(db, at - 1);
    db.prepare('update journal_head set seq = ?, at = ?, hash = ?').run(seq, time, hash);
    return true;
  },
  'J14 inserts a chained entry': (db, at) => {
    const last = rowAt(db, entries);
    const entry = {
      ...last,
      seq: entries + 1,
      at: '2027-01-01T00:00:00.000Z',
      kind: 'note.forged',
      subject: `s${at}`,
      previous: last.hash,
    };
    const hash = entryHash(entry);
    const { seq, at: time, kind, subject, actor, data, previous } = entry;
    db.prepare('insert into journal values (?,?,?,?,?,?,?,?)').run(
      seq,
      time,
      kind,
      subject,
      actor,
      data,
      previous,
      hash,
    );
    db.prepare('update journal_head set seq = ?, at = ?, hash = ?').run(seq, time, hash);
    return true;
  },
  'J14 inserts before the beginning': (db, at) =>
    db
      .prepare(
        `insert into journal select -?, at, 'note.x', subject, actor, data, previous, hash from journal where seq = 1`,
      )
      .run(at).changes > 0,
  'J15 reorders': (db, at, other) => {
    if (at === other) return false;
    for (const column of ['data', 'subject', 'hash', 'previous']) swap(db, column, at, other);
    return true;
  },
  'J16 changes a time': (db, at) =>
    db.prepare(`update journal set at = '2026-07-01T12:00:00.5Z' where seq = ?`).run(at).changes >
    0,
  'J17 rewrites the whole chain': (db, at) => {
    db.prepare(`update journal set actor = 'user:eve' where seq = ?`).run(at);
    rechain(db, 1);
    return true;
  },
  'J18 forks another head': (db, at) =>
    db.prepare('update journal_head set hash = ?').run(String(at % 10).repeat(64)).changes > 0,
  'edits a state by hand': (db, at) =>
    db.prepare(`update state set status = 'published' where seq = ?`).run(at).changes > 0,
  'moves a state out of its index': (db, at) =>
    db.prepare(`update state set member_source = 'x' where seq = ?`).run(at).changes > 0,
  'deletes a state': (db, at) => db.prepare('delete from state where seq = ?').run(at).changes > 0,
  'invents a state': (db, at) =>
    db
      .prepare(
        `insert into state (id, kind, status, data, created_at, updated_at, created_seq, seq)
                select id || '~', kind, status, data, created_at, updated_at, created_seq, seq from state where seq = ?`,
      )
      .run(at).changes > 0,
  'edits a definition': (db) =>
    db.prepare(`update definition set text = 'select 2'`).run().changes > 0,
};

describe('a journal that was tampered with', () => {
  let root = '';
  let path = '';
  const open = (): Promise<HomeStore> =>
    openControlStore({
      database: { kind: 'sqlite', path },
      clock: { now: () => new Date('2026-07-01T12:00:00Z') },
    });

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'phusa-tamper-'));
    path = join(root, 'control.sqlite');
    const store = await open();
    for (let n = 0; n < entries - 1; n += 1)
      await store.decide(async (journal) => {
        await journal.define('select 1');
        await journal.record({
          kind: 'batch.landed',
          subject: `b${n}`,
          actor: 'system',
          data: { status: 'landed', source: 's', n },
        });
      });
    await store.close();
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  /** Tampers inside a copy that is thrown away, and says what a verification finds. */
  async function problemsAfter(
    tamper: Tampering,
    at: number,
    other: number,
  ): Promise<readonly string[] | undefined> {
    const keep = [path, `${path}-wal`, join(root, 'journal.anchor')].map(
      (file) => [file, safeRead(file)] as const,
    );
    const store = await open();
    const db = new Database(path);
    db.exec('drop trigger if exists journal_no_update; drop trigger if exists journal_no_delete;');
    db.exec('begin');
    const changed = tamper(db, at, other);
    db.exec('commit');
    db.close();
    const verdict = await store.verify();
    await store.close();
    for (const [file, bytes] of keep) {
      rmSync(file, { force: true });
      rmSync(`${path}-shm`, { force: true });
      if (bytes) writeFileSync(file, bytes);
    }
    expect(verdict.intact).toBe(verdict.problems.length === 0);
    return changed ? verdict.problems.map(({ problem }) => problem) : undefined;
  }

  it('is intact while nobody touches it', async () => {
    expect(await problemsAfter(() => true, 1, 1)).toEqual([]);
  });

  it.each(Object.keys(tamperings))('%s: seen', async (name) => {
    const tamper = tamperings[name];
    expect(tamper && (await problemsAfter(tamper, 5, 7))).not.toEqual([]);
  });

  it('S9 sees every one of 200 random changes', async () => {
    const names = fc.constantFrom(...Object.keys(tamperings));
    const seq = fc.integer({ min: 2, max: entries });
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(names, seq, seq, async (name, at, other) => {
        const problems = await problemsAfter(tamperings[name] ?? (() => false), at, other);
        if (problems === undefined) return;
        changed += 1;
        expect(problems, `${name} at ${at}, ${other}`).not.toEqual([]);
      }),
      { numRuns: 200, seed: 20260701 },
    );
    expect(changed).toBeGreaterThan(150);
  });

  it('J13 still says so after the store went on writing', async () => {
    const db = new Database(path);
    db.exec('drop trigger journal_no_delete');
    tamperings['J13 deletes the tail, its states and moves the head']?.(db, 8, 0);
    db.close();
    const store = await open();
    await store.decide((journal) =>
      journal.record({ kind: 'note.x', subject: 's', actor: 'system', data: {} }),
    );
    expect((await store.verify()).problems.map(({ problem }) => problem)).toEqual(['anchor-lost']);
    await store.decide((journal) =>
      journal.record({
        kind: 'note.anchor-accepted',
        subject: store.homeId,
        actor: 'user:an',
        data: { reason: 'restored' },
      }),
    );
    expect(await store.verify()).toMatchObject({ intact: true });
    await store.close();
  });

  it('says so when the anchor itself is gone, or says something else', async () => {
    const store = await open();
    const anchor = join(root, 'journal.anchor');
    const kept = readFileSync(anchor);
    rmSync(anchor);
    expect((await store.verify()).problems).toMatchObject([{ problem: 'anchor-missing' }]);
    writeFileSync(anchor, 'garbage');
    expect((await store.verify()).problems).toMatchObject([{ problem: 'anchor-missing' }]);
    writeFileSync(anchor, kept.toString().replaceAll(/[0-9a-f]{64}/g, 'a'.repeat(64)));
    expect((await store.verify()).problems).toMatchObject([{ problem: 'anchor-differs' }]);
    await store.close();
  });

  it('refuses UPDATE and DELETE in the database itself', () => {
    const db = new Database(path);
    expect(() => db.prepare(`update journal set actor = 'x'`).run()).toThrow('append-only');
    expect(() => db.prepare('delete from journal').run()).toThrow('append-only');
    db.close();
  });
});

function safeRead(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Knex } from 'knex';
import type { Clock } from '../core/clock.ts';
import { PhusaError } from '../core/errors.ts';
import { isAnchored, openAnchor, type Anchor, type AnchoredHeads } from './anchor.ts';
import { openDatabase, type ControlDatabase, type DatabaseChoice } from './database.ts';
import { define, readDefinition } from './definition-table.ts';
import { fold, stateOf } from './fold.ts';
import { genesis, type JournalHead } from './journal-entry.ts';
import { appendEntry, lockHead, readHead, streamJournal, writeHead } from './journal-table.ts';
import { migrate } from './migrations.ts';
import type { ControlStore, JournalEntry, JournalWriter, NewEntry } from './port.ts';
import {
  removableRows,
  removableWriter,
  type RemovableRows,
  type RemovableWriter,
} from './removable-table.ts';
import { listStates, publicRow, readState, writeState } from './state-table.ts';
import { Turn } from './turn.ts';
import { anchorLost, verifyStore } from './verify.ts';

/** How a control store is opened. */
export interface ControlStoreOptions {
  readonly database: DatabaseChoice;
  readonly clock: Clock;
  /** The home this store must belong to; a store of another home is refused. */
  readonly homeId?: string;
  /** Where the head is anchored. SQLite: `journal.anchor` beside the database unless named; PostgreSQL: none. */
  readonly anchorPath?: string;
}

/** The control store with the rows that may be forgotten, for the files of this room. */
export interface HomeStore extends ControlStore {
  readonly removable: RemovableRows;
  decide<T>(decision: (journal: HomeJournalWriter) => Promise<T>): Promise<T>;
}

/** A decision that may also change removable rows, in the same transaction. */
export interface HomeJournalWriter extends JournalWriter {
  readonly removable: RemovableWriter;
}

/**
 * Opens the control store: brings its schema up to date, and makes the home's identity at the first opening.
 * Throws fatal `control-store-unavailable` where the database cannot be opened, `home-mismatch` where it is another
 * home's.
 */
export async function openControlStore(options: ControlStoreOptions): Promise<HomeStore> {
  const database = openDatabase(options.database);
  try {
    await migrate(database.writer);
    const store = new KnexStore(database, options.clock, anchorOf(options));
    await store.begin(options.homeId);
    return store;
  } catch (error) {
    await database.close();
    throw error instanceof PhusaError ? error : unavailable(options.database, error);
  }
}

class KnexStore implements HomeStore {
  homeId = '';
  readonly removable: RemovableRows;
  private readonly database: ControlDatabase;
  private readonly clock: Clock;
  private readonly anchor: Anchor | undefined;
  private anchored: AnchoredHeads | undefined;
  /** Other processes append to a PostgreSQL store too; a SQLite store has one owner. */
  private readonly shared: boolean;
  private readonly turn = new Turn();

  constructor(database: ControlDatabase, clock: Clock, anchor: Anchor | undefined) {
    this.database = database;
    this.clock = clock;
    this.anchor = anchor;
    this.anchored = anchor?.read();
    this.shared = database.kind === 'postgres';
    this.removable = removableRows(database.reader);
  }

  /** Finds or makes the home. */
  async begin(wanted: string | undefined): Promise<void> {
    this.homeId = await this.decide((journal) => this.findOrMakeHome(journal, wanted));
  }

  decide<T>(decision: (journal: HomeJournalWriter) => Promise<T>): Promise<T> {
    return this.turn.take(() =>
      this.database.writer.transaction(async (tx) => {
        const head = await lockHead(tx);
        const writer = new Decision(tx, this.clock, head);
        await this.noticeLoss(writer);
        const result = await decision(writer);
        await this.advance(tx, head, writer.head);
        return result;
      }),
    );
  }

  journal: ControlStore['journal'] = (filter = {}) => streamJournal(this.database.reader, filter);

  verify: ControlStore['verify'] = () =>
    this.database.snapshot(async (tx) => {
      const anchor = await this.turn.take(async () => {
        await readHead(tx);
        return this.anchor?.read() ?? 'missing';
      });
      return verifyStore(tx, { anchor: this.anchor && anchor, shared: this.shared });
    });

  get: ControlStore['get'] = async (kind, id) => {
    const row = await readState(this.database.reader, kind, id);
    return row && publicRow(row);
  };

  list: ControlStore['list'] = (kind, query = {}) => listStates(this.database.reader, kind, query);

  definition: ControlStore['definition'] = (sha256) => readDefinition(this.database.reader, sha256);

  /** Reads the head, as every decision does. */
  async health(): Promise<void> {
    await readHead(this.database.reader);
  }

  async close(): Promise<void> {
    await this.turn.take(() => this.database.close());
    this.anchor?.close();
  }

  private async advance(tx: Knex, from: JournalHead, to: JournalHead): Promise<void> {
    if (from === to) return;
    await writeHead(tx, to);
    this.anchored = { committed: from, intended: to };
    this.anchor?.intend(this.anchored);
  }

  private async findOrMakeHome(
    journal: JournalWriter,
    wanted: string | undefined,
  ): Promise<string> {
    const { rows } = await journal.list('home', { limit: 1, order: 'oldest' });
    const found = rows[0]?.id;
    if (found !== undefined && wanted !== undefined && found !== wanted)
      throw homeMismatch(found, wanted);
    if (found !== undefined) return found;
    const id = wanted ?? randomBytes(16).toString('hex');
    await journal.record({ kind: 'home.created', subject: id, actor: 'system', data: {} });
    return id;
  }

  /**
   * A journal whose head is not the anchored one was cut, forged or exchanged behind our back. We say so in the journal
   * itself before the next decision moves the anchor on; `verify` reports it for as long as nobody accepts it.
   */
  private async noticeLoss(journal: Decision): Promise<void> {
    const { head } = journal;
    if (!this.anchor || this.shared || head.seq === genesis.seq) return;
    if (this.anchored && isAnchored(head, this.anchored)) return;
    await journal.record({
      kind: anchorLost,
      subject: this.homeId === '' ? 'home' : this.homeId,
      actor: 'system',
      data: { seq: head.seq, head: head.hash, anchored: this.anchored?.intended.hash ?? null },
    });
  }
}

class Decision implements HomeJournalWriter {
  head: JournalHead;
  readonly removable: RemovableWriter;
  private readonly tx: Knex;
  private readonly clock: Clock;

  constructor(tx: Knex, clock: Clock, head: JournalHead) {
    this.tx = tx;
    this.clock = clock;
    this.head = head;
    this.removable = removableWriter(tx);
  }

  async record(entry: NewEntry): Promise<JournalEntry> {
    const recorded = await appendEntry(this.tx, this.head, entry, this.clock.now());
    const { seq, at, hash } = recorded;
    this.head = { seq, at, hash };
    const kind = stateOf(recorded.kind);
    if (kind) {
      const before = await readState(this.tx, kind, recorded.subject);
      await writeState(this.tx, fold(before, recorded, kind));
    }
    return recorded;
  }

  define: JournalWriter['define'] = (text) => define(this.tx, text);

  get: JournalWriter['get'] = async (kind, id) => {
    const row = await readState(this.tx, kind, id);
    return row && publicRow(row);
  };

  list: JournalWriter['list'] = (kind, query = {}) => listStates(this.tx, kind, query);
}

function anchorOf({ database, anchorPath }: ControlStoreOptions): Anchor | undefined {
  if (anchorPath !== undefined) return openAnchor(anchorPath);
  if (database.kind === 'sqlite') return openAnchor(join(dirname(database.path), 'journal.anchor'));
  return undefined;
}

function homeMismatch(found: string, wanted: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'home-mismatch',
    message: {
      vi: `Kho điều khiển thuộc nơi lưu khác: ${found}, không phải ${wanted}.`,
      en: `The control store belongs to another home: ${found}, not ${wanted}.`,
    },
    remedy: {
      vi: 'Kiểm tra PHUSA_HOME và DATABASE_URL.',
      en: 'Check PHUSA_HOME and DATABASE_URL.',
    },
  });
}

/** The address is not repeated: it may hold a password. */
function unavailable(choice: DatabaseChoice, cause: unknown): PhusaError {
  const where = choice.kind === 'sqlite' ? choice.path : 'PostgreSQL (DATABASE_URL)';
  const why = cause instanceof Error ? cause.message : String(cause);
  return new PhusaError({
    group: choice.kind === 'sqlite' ? 'fatal' : 'retriable',
    code: 'control-store-unavailable',
    message: {
      vi: `Không mở được kho điều khiển ${where}: ${why}`,
      en: `Cannot open the control store ${where}: ${why}`,
    },
    remedy: {
      vi: 'Kiểm tra đường dẫn, quyền ghi và dung lượng đĩa, hoặc máy chủ PostgreSQL.',
      en: 'Check the path, write permission and disk space, or the PostgreSQL server.',
    },
    cause,
  });
}

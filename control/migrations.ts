import type { Knex } from 'knex';
import { genesis } from './journal-entry.ts';
import { isSqlite } from './libsql-client.ts';
import { indexedMembers } from './indexed-members.ts';

/** One step of the control store's schema; applied once, in order of name. */
interface Migration {
  readonly name: string;
  up(db: Knex): Promise<void>;
}

const migrations: readonly Migration[] = [
  { name: '001-journal', up: createJournal },
  { name: '002-state', up: createState },
  { name: '003-definition', up: createDefinition },
  { name: '004-removable', up: createRemovable },
];

/** Brings the schema up to date. */
export async function migrate(db: Knex): Promise<void> {
  await db.migrate.latest({
    migrationSource: {
      getMigrations: () => Promise.resolve([...migrations]),
      getMigrationName: (migration: Migration) => migration.name,
      getMigration: (migration: Migration) =>
        Promise.resolve({ up: (tx: Knex) => migration.up(tx), down: keep }),
    },
  });
}

/** Nothing is taken down: a journal is never dropped by a program. */
function keep(): Promise<void> {
  return Promise.reject(new Error('the control store has no way back: restore a backup'));
}

async function createJournal(db: Knex): Promise<void> {
  await db.schema.createTable('journal', (table) => {
    table.bigInteger('seq').primary();
    for (const column of ['at', 'kind', 'subject', 'actor', 'data', 'previous', 'hash'])
      binaryText(db, table, column).notNullable();
    table.index(['subject', 'seq'], 'journal_subject');
    table.index(['kind', 'seq'], 'journal_kind');
  });
  await db.schema.createTable('journal_head', (table) => {
    table.integer('id').primary();
    table.bigInteger('seq').notNullable();
    table.text('at').notNullable();
    table.text('hash').notNullable();
  });
  await db('journal_head').insert({ id: 1, ...genesis });
  for (const statement of isSqlite(db) ? sqliteAppendOnly : postgresAppendOnly)
    await db.raw(statement);
}

const sqliteAppendOnly = ['update', 'delete'].map(
  (verb) =>
    `create trigger journal_no_${verb} before ${verb} on journal
     begin select raise(abort, 'the journal is append-only'); end`,
);

const postgresAppendOnly = [
  `create function journal_append_only() returns trigger language plpgsql as
   $$ begin raise exception 'the journal is append-only'; end $$`,
  `create trigger journal_no_change before update or delete or truncate on journal
   for each statement execute function journal_append_only()`,
];

async function createState(db: Knex): Promise<void> {
  await db.schema.createTable('state', (table) => {
    for (const column of ['id', 'kind', 'status', 'data', 'created_at', 'updated_at'])
      binaryText(db, table, column).notNullable();
    table.bigInteger('created_seq').notNullable();
    table.bigInteger('seq').notNullable();
    for (const member of indexedMembers) binaryText(db, table, `member_${member}`);
    table.primary(['id', 'kind']);
    table.index(['kind', 'created_seq'], 'state_kind');
    table.index(['kind', 'status', 'created_seq'], 'state_status');
  });
  for (const member of indexedMembers)
    await db.raw(
      `create index state_${member} on state (kind, member_${member}, created_seq)
       where member_${member} is not null`,
    );
}

async function createDefinition(db: Knex): Promise<void> {
  await db.schema.createTable('definition', (table) => {
    table.text('sha256').primary();
    table.text('text').notNullable();
  });
}

async function createRemovable(db: Knex): Promise<void> {
  await db.schema.createTable('removable', (table) => {
    table.text('kind').notNullable();
    table.text('id').notNullable();
    table.text('owner').notNullable();
    table.integer('version').notNullable();
    table.text('body').notNullable();
    table.text('expires_at');
    table.primary(['kind', 'id']);
    table.index(['kind', 'owner'], 'removable_owner');
  });
}

/** Text ordered by its bytes on both engines, so that the same order holds in SQL and when a verification merges. */
function binaryText(db: Knex, table: Knex.CreateTableBuilder, name: string): Knex.ColumnBuilder {
  return isSqlite(db) ? table.text(name) : table.specificType(name, 'text collate "C"');
}

import type { Knex } from 'knex';

/** What may be kept outside the journal. */
export type RemovableKind = 'sealed' | 'key' | 'password' | 'session' | 'token' | 'attempt';

/**
 * A row that can be forgotten: ciphertext, password hashes, sessions, sign-in attempts. The journal keeps for ever, so
 * it only says *that* such a row was set, in which version; the row itself lies here.
 */
export interface RemovableRow {
  readonly kind: RemovableKind;
  readonly id: string;
  /** Whose it is: a source, a user; rows are listed and removed by it. */
  readonly owner: string;
  readonly version: number;
  readonly body: string;
  /** ISO instant after which the row may be swept away. */
  readonly expiresAt: string | undefined;
}

/** Reads removable rows. */
export interface RemovableRows {
  read(kind: RemovableKind, id: string): Promise<RemovableRow | undefined>;
  /** All rows of one owner. */
  ofOwner(kind: RemovableKind, owner: string): Promise<readonly RemovableRow[]>;
  /** All rows of a kind. */
  all(kind: RemovableKind): Promise<readonly RemovableRow[]>;
}

/** Changes removable rows, in the transaction of a decision. */
export interface RemovableWriter extends RemovableRows {
  write(row: RemovableRow): Promise<void>;
  remove(kind: RemovableKind, id: string): Promise<void>;
  removeOfOwner(kind: RemovableKind, owner: string): Promise<void>;
  /** Removes rows that expired at or before this ISO instant. */
  removeExpired(kind: RemovableKind, instant: string): Promise<void>;
}

type StoredRow = Omit<RemovableRow, 'expiresAt'> & { readonly expires_at: string | null };

/** The removable rows of a database or of one transaction. */
export function removableRows(db: Knex): RemovableRows {
  const where = async (match: Partial<StoredRow>): Promise<readonly RemovableRow[]> =>
    (await db<StoredRow>('removable').where(match).orderBy('id')).map(publicRow);
  return {
    read: async (kind, id) => (await where({ kind, id }))[0],
    ofOwner: (kind, owner) => where({ kind, owner }),
    all: (kind) => where({ kind }),
  };
}

/** The removable rows of one transaction, to be changed. */
export function removableWriter(tx: Knex): RemovableWriter {
  return {
    ...removableRows(tx),
    write: async ({ expiresAt, ...row }) => {
      await tx('removable')
        .insert({ ...row, expires_at: expiresAt ?? null })
        .onConflict(['kind', 'id'])
        .merge();
    },
    remove: async (kind, id) => {
      await tx('removable').where({ kind, id }).delete();
    },
    removeOfOwner: async (kind, owner) => {
      await tx('removable').where({ kind, owner }).delete();
    },
    removeExpired: async (kind, instant) => {
      await tx('removable').where({ kind }).where('expires_at', '<=', instant).delete();
    },
  };
}

function publicRow(row: StoredRow): RemovableRow {
  const { kind, id, owner, version, body } = row;
  return { kind, id, owner, version, body, expiresAt: row.expires_at ?? undefined };
}
